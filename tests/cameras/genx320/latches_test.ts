/** Masks of more pixels than the sensor has slots for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Genx320Changes, Genx320Pixel } from "../../../src/cameras/genx320/configuration.ts";
import type { Rect } from "../../../src/types.ts";
import { atRandom, type Random } from "../../support/random.ts";
import { latchedBy } from "./testing/latches.ts";
import { openModel } from "./testing/open_model.ts";
import { changesOf, linesOf, options, readCalls } from "./testing/recordings.ts";

const SIDE = 320;

/** The same pixel so often that the slots do not take the mask, and others. */
const tooMany = (...pixels: Genx320Pixel[]): Genx320Pixel[] => [...Array(17).fill(pixels[0]), ...pixels];

/** Fails with the first pixel that differs. */
function assertSending(actual: Uint8Array, expected: Uint8Array): void {
  const wrong = actual.findIndex((sends, pixel) => sends !== expected[pixel]);
  assert.equal(wrong, -1, `(${wrong % SIDE}, ${Math.floor(wrong / SIDE)}) sends: ${actual[wrong]}`);
}

test("the latches are those of OpenEB's mask of pixels, and of its lines", options, () => {
  const { update } = openModel();
  const mask = readCalls("genx320es__pixelmask");
  const pixelMask = tooMany({ x: 5, y: 7 }, { x: 319, y: 319 });
  const ours = update({ pixelMask });
  const golden = linesOf(mask, "pixel mask apply_pixels");
  assertSending(latchedBy(ours), latchedBy(golden));
  assert.ok(ours.length < 100 && golden.length > 6_000, `${ours.length} lines instead of ${golden.length}`);

  const lines = update({ regionOfInterest: { x: 100, y: 50, width: 100, height: 40 } });
  const roi = readCalls("genx320es__roi");
  assertSending(latchedBy(lines), latchedBy(linesOf(roi, "roi enable true (lines)")));
});

test("a mask that the slots take again is programmed by the sensor, as where OpenEB resets its mask", options, () => {
  const { model, update } = openModel({ pixelMask: tooMany({ x: 5, y: 7 }) });
  const held = model.snapshot();
  const ours = changesOf(update({ pixelMask: [] }), held);
  const golden = changesOf(linesOf(readCalls("genx320es__pixelmask"), "pixel mask reset_pixels"), held);
  assert.deepEqual(ours, golden);
});

function rectangle(random: Random): Rect {
  const [x, y] = [random.whole(0, SIDE - 1), random.whole(0, SIDE - 1)];
  return { x, y, width: random.whole(1, SIDE - x), height: random.whole(1, SIDE - y) };
}

/** Which pixels a configuration lets send, pixel by pixel. */
function expected({ regionOfInterest, regionOfNonInterest, pixelMask }: ReturnType<typeof someChanges>): Uint8Array {
  const sending = new Uint8Array(SIDE * SIDE);
  const isIn = (x: number, y: number) => (each: Rect) =>
    x >= each.x && x < each.x + each.width && y >= each.y && y < each.y + each.height;
  for (let y = 0; y < SIDE; ++y) {
    for (let x = 0; x < SIDE; ++x) {
      const sends = regionOfInterest?.some(isIn(x, y)) ?? !(regionOfNonInterest?.some(isIn(x, y)) ?? false);
      sending[SIDE * y + x] = sends ? 1 : 0;
    }
  }
  for (const { x, y } of pixelMask) sending[SIDE * y + x] = 0;
  return sending;
}

function someChanges(random: Random) {
  const windows = Array.from({ length: random.whole(1, 4) }, () => rectangle(random));
  const kind = random.pick(["all", "inside", "outside"]);
  return {
    regionOfInterest: kind === "inside" ? windows : null,
    regionOfNonInterest: kind === "outside" ? windows : null,
    pixelMask: Array.from({ length: random.whole(17, 100) }, () => ({
      x: random.whole(0, SIDE - 1),
      y: random.whole(0, SIDE - 1),
    })),
  } satisfies Genx320Changes;
}

test("any region and any mask leave the pixels that they should, at the opening and live", () =>
  atRandom((random) => {
    for (let run = 0; run < 5; ++run) {
      const [first, second] = [someChanges(random), someChanges(random)];
      const { setUp, started, update } = openModel(first);
      assertSending(latchedBy([...setUp, ...started]), expected(first));
      assertSending(latchedBy(update(second)), expected(second));
      assert.deepEqual(update({ pixelMask: second.pixelMask }), []);
    }
    return Promise.resolve();
  }));

test("the slots are free while the latches have the mask, and the other way round", () => {
  const { model, update } = openModel({ pixelMask: [{ x: 33, y: 2 }] });
  assert.deepEqual([model.registers.get(0x9100), model.registers.get(0x9104)], [0x8000_0021, 2]);
  const pixels = tooMany({ x: 5, y: 7 });
  assert.equal(latchedBy(update({ pixelMask: pixels }))[SIDE * 7 + 5], 0);
  assert.equal(model.registers.get(0x9100), 0);
  const lines = update({ pixelMask: pixels.slice(0, 16) });
  assert.ok(lines.includes("W 0 0x00000034 0x0000000B"), "the sensor opens all latches by its window");
  assert.equal(model.registers.get(0x9100), 0x8000_0070);
});
