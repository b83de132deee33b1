import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type Decoder } from "../../mod.ts";
import { bytesOf16, preamble } from "./evt3_words.ts";

const evt3 = () => createDecoder({ format: "evt3", width: 1280, height: 720 });

/** A TIME_HIGH word for a time in µs. */
function timeHigh(us: number): number {
  return 0x8000 + Math.floor(us / 4096) % 4096;
}

function take(decoder: Decoder, words: readonly number[]): number[] {
  return [...decoder.decode(bytesOf16(words))].flatMap(({ polarityEvents }) => Array.from(polarityEvents?.x ?? []));
}

const wrapUs = 2 ** 24;
const gaps: readonly (readonly [beforeUs: number, elapsedUs: number])[] = [
  [4e6, 20e6], // longer than a wrap
  [4e6, 100e6],
  [16e6, 2e6], // short, over a wrap
  [4e6, 1000], // short
  [4e6, 20e6 + 3e6], // the host's clock is wrong by some seconds
  [4e6, 3600e6],
];
for (const [beforeUs, elapsedUs] of gaps) {
  test(`the time goes on right after a gap of ${elapsedUs} µs at ${beforeUs} µs`, async () => {
    using decoder = await evt3();
    take(decoder, [timeHigh(beforeUs), 0x0064, 0x2805]);
    decoder.gap(elapsedUs);
    const afterUs = beforeUs + (elapsedUs === 23e6 ? 20e6 : elapsedUs);
    take(decoder, [timeHigh(afterUs), 0x0064, 0x2805]);
    assert.equal(decoder.currentTime, Math.floor(afterUs / 4096) * 4096);
    assert.equal(decoder.statistics.timeWraps, Math.floor(afterUs / wrapUs));
  });
}

test("the row before a gap is forgotten, and so is the rest of a cut word", async () => {
  using decoder = await evt3();
  const cut = new Uint8Array([...bytesOf16([...preamble, 0x2805]), 0x28]);
  assert.equal([...decoder.decode(cut)].length, 1);
  decoder.gap(1000);
  assert.deepEqual(take(decoder, [0x2806, 0x8001, 0x2807, 0x0065, 0x2808]), [8]);
});

test("a pause keeps the row and the cut word, and the host's clock tells how far a jump behind it goes", async () => {
  using decoder = await evt3();
  const cut = new Uint8Array([...bytesOf16([...preamble, 0x2805]), 0x06]);
  assert.equal([...decoder.decode(cut)].length, 1);
  const before = decoder.currentTime!;
  decoder.pause(40e6);
  // What was there before the pause comes first.
  const rest = new Uint8Array([0x28, ...bytesOf16([0x2807])]);
  assert.deepEqual([...decoder.decode(rest)].flatMap(({ polarityEvents }) => Array.from(polarityEvents!.x)), [6, 7]);
  assert.equal(decoder.currentTime, before);
  assert.deepEqual(take(decoder, [timeHigh(before + 40e6), 0x2808]), [8]);
  assert.equal(decoder.currentTime, Math.floor((before + 40e6) / 4096) * 4096);
  assert.equal(decoder.statistics.skippedWords, 0);
});

test("packets that were not taken are decoded before a gap, and their loop says that they are lost", async () => {
  using decoder = await evt3();
  const events = bytesOf16([...preamble, ...Array.from({ length: 200_000 }, () => 0x2805)]);
  let packets = 0;
  assert.throws(() => {
    for (const _ of decoder.decode(events)) {
      packets += 1;
      decoder.gap(0);
    }
  }, { name: "TypeError", message: /the rest is lost/ });
  assert.equal(packets, 1);
  assert.equal(decoder.statistics.polarityEvents, 200_000);
});

test("a gap before the first byte changes nothing", async () => {
  using decoder = await evt3();
  decoder.gap(1e9);
  assert.deepEqual(take(decoder, [...preamble, 0x2805]), [5]);
  assert.equal(decoder.currentTime, 4103);
});

test("in EVT2.1 the pixels of a cut word that are left are forgotten", async () => {
  using decoder = await createDecoder({ format: "evt21", width: 1280, height: 720 });
  const word = (high: number, low: number) => new Uint8Array(Uint32Array.of(low, high).buffer);
  const timeWord = word(0x8000_0001, 0);
  const pixels = word(0x1000_0005, 0b11);
  assert.equal([...decoder.decode(new Uint8Array([...timeWord, ...pixels.subarray(0, 4)]))].length, 0);
  decoder.gap(10);
  const [packet] = [...decoder.decode(new Uint8Array([...timeWord, ...pixels]))];
  assert.equal(packet?.polarityEvents?.t.length, 2);
});

const mistakes: readonly (readonly [elapsedUs: unknown, message: string])[] = [
  [undefined, "TypeError: elapsedUs must be a number from 0 to 4294967295000, not undefined"],
  ["1", 'TypeError: elapsedUs must be a number from 0 to 4294967295000, not "1"'],
  [-1, "RangeError: elapsedUs must be a number from 0 to 4294967295000, not -1"],
  [NaN, "RangeError: elapsedUs must be a number from 0 to 4294967295000, not NaN"],
  [5e12, "RangeError: elapsedUs must be a number from 0 to 4294967295000, not 5000000000000"],
];
for (const [elapsedUs, message] of mistakes) {
  test(message, async () => {
    using decoder = await evt3();
    assert.throws(() => decoder.gap(elapsedUs as number), (error) => {
      assert.equal(String(error), message);
      return true;
    });
  });
}

test("a closed decoder has no gaps", async () => {
  const decoder = await evt3();
  decoder.close();
  assert.throws(() => decoder.gap(0), { code: "closed" });
  assert.throws(() => decoder.pause(0), { code: "closed" });
});
