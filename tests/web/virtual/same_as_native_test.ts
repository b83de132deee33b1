/** The model as WebAssembly against the native one: the same identification, opening, replies, accounts and bytes. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { VirtualCameraModel, VirtualCameraOptions } from "../../../src/virtual/camera.ts";
import type { VirtualWebOptions } from "../../../src/web/virtual/options.ts";
import { writeRecording } from "../../support/recording.ts";
import { slow, test } from "../../support/test.ts";
import { inPage, natively, type Wish } from "./testing/both_ways.ts";

/** As fast as they are fetched: then the bytes don't depend on when they are. */
const unpaced = { serial: "00050ABC", bytesPerSecond: 0 } as const;

async function assertSame(camera: VirtualCameraOptions & VirtualWebOptions, wish: Wish): Promise<void> {
  compare(await inPage(camera, wish), await natively(camera, wish));
}

function compare(page: Awaited<ReturnType<typeof inPage>>, native: Awaited<ReturnType<typeof natively>>): void {
  assert.deepEqual(page.exchanges, native.exchanges);
  const { registersWritten, registersHash, commands, model, serial } = native.account;
  assert.deepEqual(
    [page.account.registersWritten, page.account.registersHash, page.account.commands],
    [registersWritten, registersHash, commands],
  );
  assert.deepEqual([page.account.model, page.account.serial], [model, serial]);
  const different = page.bytes.findIndex((byte, index) => byte !== native.bytes[index]);
  assert.equal(different, -1, `byte ${different} of ${native.bytes.length} differs`);
}

const models: readonly VirtualCameraModel[] = [
  "evk4",
  "evk4-00f4",
  "silkyevcam-hd",
  "silkyevcam-hd-lite",
  "silkyevcam-vga",
  "evk3-hd",
  "evk3-genx320",
  "evk3-genx320-es",
  "ueye-xcpe",
  "ueye-xlse",
];
for (const model of models) {
  test(`${model}: identification, opening, closing and the scene are the native camera's`, slow, async () => {
    await assertSame({ ...unpaced, model }, { bytes: 300_000 });
  });
}

const halves = (length: number) => new Uint8Array(length).fill(1, 0, length / 2);

const cases: readonly (readonly [string, VirtualCameraOptions & VirtualWebOptions, Wish])[] = [
  ["two rounds of the scene", {}, { bytes: 12_000_000 }],
  ["another seed, a lamp and triggers", {
    source: { kind: "scene", seed: 7, flickerHz: 200 },
    triggerHz: 300,
  }, { bytes: 2_000_000 }],
  ["a sequence", { source: { kind: "sequence", intervalUs: 4 } }, { bytes: 2_000_000 }],
  ["a pattern", { source: { kind: "pattern" } }, { bytes: 1_000_000 }],
  ["the sensor of another chip, other strings and a high-speed link", {
    biasCodes: [117, 96, 5, 110, 84, 66, 93, 31, 133, 129, 150, 112, 78],
    product: "Ünheard of",
    firmware: "3.7.1",
    speed: "high",
  }, { bytes: 300_000 }],
  ["biases and masks", {}, {
    configuration: { biases: { diffOn: 40, diffOff: 25, fo: -10 }, xMask: halves(1280), yMask: halves(720) },
    bytes: 1_000_000,
  }],
  ["a crop and a region of interest", {}, {
    configuration: {
      digitalCrop: { x: 320, y: 100, width: 640, height: 500, resetOrigin: true },
      regionOfInterest: { x: 400, y: 200, width: 300, height: 300 },
    },
    bytes: 300_000,
  }],
  ["the filters and EVT2.1", { source: { kind: "scene", flickerHz: 150 } }, {
    configuration: {
      eventFormat: "evt2.1",
      trailFilter: { type: "trail", thresholdUs: 10_000 },
      antiFlicker: { minimumHz: 100, maximumHz: 200 },
    },
    bytes: 1_000_000,
  }],
  ["the rate controller and its counts", {}, {
    configuration: { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 1000 } },
    bytes: 500_000,
  }],
];
for (const [name, camera, wish] of cases) {
  test(`the bytes of ${name} are the native camera's`, slow, async () => {
    await assertSame({ ...unpaced, ...camera }, wish);
  });
}

test("a recording from a file of the page has the bytes of the native one from its path", slow, async () => {
  const words = Array.from(
    { length: 5000 },
    (_, index) => index % 10 === 0 ? 0x8000 | index / 10 : 0x2000 | index % 1280,
  );
  const recording = writeRecording(words);
  try {
    const bytes = readFileSync(recording.path);
    const native = await natively({ ...unpaced, source: { kind: "recording", path: recording.path } }, {
      bytes: 100_000,
    });
    for (const file of [new Uint8Array(bytes), new Blob([bytes])]) {
      compare(await inPage({ ...unpaced, source: { kind: "recording", file } }, { bytes: 100_000 }), native);
    }
  } finally {
    recording.remove();
  }
});
