/** Our own record of the words that each feature writes; `openeb_test.ts` compares them with OpenEB's, where it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Imx636Changes } from "../../../src/cameras/imx636/configuration.ts";
import { CONFIGURED_FILTERS } from "../../../src/cameras/imx636/filters.ts";
import { readPixelDeadTimeUs } from "../../../src/cameras/imx636/monitors.ts";
import { LINK, READOUT, START } from "../../../src/cameras/imx636/sequences.ts";
import { trailTiming } from "../../../src/cameras/imx636/trail_timing.ts";
import { NeuromorphicError } from "../../../src/errors.ts";
import { PlayedSensor, shownWrite } from "./testing/played_sensor.ts";

/** The filters' memories are initialised. */
const INITIALISED = [[0xc0c4, 4], [0xd0c4, 4]] as const;
const streaming = (changes: Imx636Changes = {}) => new PlayedSensor(changes, { alwaysSet: INITIALISED });

const ANTI_FLICKER_ON = ["0xC000 = 0x00000005", "0xC0C0 = 0x0A05A65E"];
const TRAIL_ON = ["0xD000 = 0x00000005", "0xD0C4 = 0x00000004", "0xD0C4 = 0x00000005"];

/** Changes of a streaming sensor, one after the other, and what they write. */
const UPDATES: readonly (readonly [changes: Imx636Changes, writes: readonly string[]])[] = [
  [{ masksEnabled: false }, ["0x0004 = 0xF0005460"]],
  [{ maskIntersectionOnly: true }, ["0x0004 = 0xF0005420"]],
  [{ masksEnabled: true, maskIntersectionOnly: false }, ["0x0004 = 0xF0005462"]],
  [
    { digitalCrop: { x: 32, y: 20, width: 160, height: 100 } },
    ["0x9010 = 0x00140020", "0x9014 = 0x007700BF", "0x900C = 0x00000005"],
  ],
  [{ digitalCrop: { x: 32, y: 20, width: 160, height: 100, resetOrigin: false } }, []],
  [
    { digitalCrop: { x: 64, y: 20, width: 128, height: 100, resetOrigin: true } },
    ["0x9010 = 0x00140040", "0x9014 = 0x007700BF", "0x900C = 0x00000015"],
  ],
  [{ digitalCrop: null }, ["0x900C = 0x00000000"]],
  [{ antiFlicker: {} }, [...ANTI_FLICKER_ON, "0xC008 = 0x00089C0F", "0xC004 = 0x00000034", "0xC000 = 0x00000001"]],
  [{ antiFlicker: { minimumHz: 50 } }, []],
  [
    { antiFlicker: { mode: "band-pass", startThreshold: 7, stopThreshold: 0, dutyCyclePercent: 1 } },
    [...ANTI_FLICKER_ON, "0xC008 = 0x000F9C0F", "0xC004 = 0x00000078", "0xC000 = 0x00000001"],
  ],
  [{ antiFlicker: null }, ["0xC000 = 0x00000005"]],
  [
    { trailFilter: { type: "trail", thresholdUs: 10_000 } },
    [
      ...TRAIL_ON,
      "0xD004 = 0x00004E20",
      "0xD008 = 0x00004E21",
      "0xD00C = 0x0001032D",
      "0xD0C0 = 0x0A05A004",
      "0xD000 = 0x00000001",
    ],
  ],
  [{ trailFilter: { type: "trail", thresholdUs: 10_400 } }, []],
  [
    { trailFilter: { type: "stc-cut-trail", thresholdUs: 74_000 } },
    [
      ...TRAIL_ON,
      "0xD004 = 0x00024221",
      "0xD008 = 0x00030D40",
      "0xD00C = 0x00010370",
      "0xD0C0 = 0x0A199004",
      "0xD000 = 0x00000001",
    ],
  ],
  [
    { trailFilter: { type: "stc-keep-trail", thresholdUs: 100_000 } },
    [
      ...TRAIL_ON,
      "0xD004 = 0x01030D41",
      "0xD008 = 0x00030D40",
      "0xD00C = 0x0001022D",
      "0xD0C0 = 0x0A234004",
      "0xD000 = 0x00000001",
    ],
  ],
  [{ trailFilter: null }, ["0xD000 = 0x00000005"]],
  [
    { rateLimiter: { maximumEventsPerSecond: 1e6 } },
    [
      "0x6004 = 0x00000001",
      "0x6008 = 0x000000C8",
      "0x600C = 0x000000C8",
      "0x6028 = 0x00000003",
      "0x6050 = 0x00000001",
    ],
  ],
  [{ rateLimiter: { maximumEventsPerSecond: 2e6 } }, ["0x600C = 0x00000190"]],
  [{ rateLimiter: { maximumEventsPerSecond: 4e6, referencePeriodUs: 100 } }, ["0x6008 = 0x00000064"]],
  [{ rateLimiter: null }, ["0x6050 = 0x00000000"]],
  [{ packetPeriodUs: 1_008 }, ["0xB028 = 0x000003F0"]],
  [{ packetPeriodUs: 1_008, externalTrigger: false }, ["0x7004 = 0x0000C1FF"]],
];

test("a change of a streaming sensor writes what differs, in these words", () => {
  const sensor = streaming();
  for (const [changes, writes] of UPDATES) {
    assert.deepEqual(sensor.update(changes).map(shownWrite), writes, JSON.stringify(changes));
  }
});

test("a region writes the masks of columns and rows, and makes them apply", () => {
  const sensor = streaming();
  const writes = sensor.update({ regionOfInterest: { x: 100, y: 50, width: 100, height: 40 } }).map(shownWrite);
  assert.equal(writes.length, 40 + 23 + 1);
  for (const write of ["0x200C = 0x0000000F", "0x2018 = 0xFFFFFF00", "0x4004 = 0x0003FFFF", "0x4008 = 0xFC000000"]) {
    assert.ok(writes.includes(write), write);
  }
  assert.equal(writes.at(-1), "0x0004 = 0xF0005462");
  assert.equal(sensor.update({ regionOfInterest: null }).filter(([, word]) => word !== 0).length, 2);
});

test("the bring-up has a filter, a crop, a format and a period where they are configured", () => {
  const { carried, plain } = { carried: streaming(), plain: streaming() };
  assert.deepEqual(plain.carryOut(CONFIGURED_FILTERS), []);
  const changes: Imx636Changes = {
    masksEnabled: false,
    digitalCrop: { x: 0, y: 0, width: 1280, height: 720 },
    antiFlicker: {},
    trailFilter: { type: "trail", thresholdUs: 1_000 },
    packetPeriodUs: 1_008,
    eventFormat: "evt2.1",
  };
  const live = carried.update({ ...changes, masksEnabled: true, packetPeriodUs: 4_000 });
  assert.deepEqual(streaming(changes).carryOut(CONFIGURED_FILTERS), live);
  const bringUp = streaming(changes).carryOut([...LINK, ...READOUT, ...START]).map(shownWrite);
  const byDefault = plain.carryOut([...LINK, ...READOUT, ...START]).map(shownWrite);
  const differing = bringUp.flatMap((write, index) => write === byDefault[index] ? [] : [[byDefault[index], write]]);
  assert.deepEqual(differing, [
    ["0xB028 = 0x00000FA0", "0xB028 = 0x000003F0"],
    ["0x7000 = 0x00070001", "0x7000 = 0x00070003"],
    ["0x8000 = 0x0001E085", "0x8000 = 0x0001E005"],
    ["0x0004 = 0xF0005442", "0x0004 = 0xF0005440"],
  ]);
});

test("bands of the anti-flicker filter, in periods of 128 µs", () => {
  for (
    const [minimumHz, maximumHz, word] of [
      [50, 520, 0x0008_9c0f],
      [80, 130, 0x0008_613c],
      [95, 105, 0x0008_524a],
      [50, 50, 0x0008_9c9c],
      [520, 520, 0x0008_0f0f],
      [100, 200, 0x0008_4e27],
    ] as const
  ) {
    const sensor = streaming();
    sensor.update({ antiFlicker: { minimumHz, maximumHz } });
    assert.equal(sensor.registers.get(0xc008), word, `${minimumHz} to ${maximumHz} Hz`);
  }
});

test("timing of the trail filter", () => {
  for (
    const [ms, ...figures] of [
      [1, 12, 15, 90],
      [4, 9, 1, 102],
      [10, 13, 9, 90],
      [23, 11, 1, 209],
      [24, 11, 1, 138],
      [31, 15, 13, 170],
      [64, 16, 13, 171],
      [81, 15, 5, 451],
      [82, 15, 5, 223],
      [100, 13, 1, 564],
    ] as const
  ) {
    const { prescaler, multiplier, fifoTimeout } = trailTiming(1_000 * ms);
    assert.deepEqual([prescaler, multiplier, fifoTimeout], figures, `${ms} ms`);
  }
});

test("a filter whose memory is not initialised is told, by its register, after three reads", () => {
  for (
    const [changes, message] of [
      [{ antiFlicker: {} }, /^wait for afkInitialization \(0xC0C4\): initDone is still 0 after 3 reads/],
      [{ trailFilter: { type: "trail", thresholdUs: 1_000 } }, /^wait for stcInitialization \(0xD0C4\): initDone is/],
    ] as const
  ) {
    const sensor = new PlayedSensor({}, { neverSet: INITIALISED });
    assert.throws(() => sensor.update(changes), (error) => {
      assert.ok(error instanceof NeuromorphicError);
      assert.equal(error.code, "io");
      assert.match(error.message, message);
      return true;
    });
    assert.equal(sensor.reads, 3);
    assert.equal(sensor.registers.get("antiFlicker" in changes ? 0xc000 : 0xd000), 5, "bypassed");
  }
});

test("the dead time is asked for at most eleven times", () => {
  const ready = new PlayedSensor({}, { alwaysSet: [[0x20, 0x1000_05dc]] });
  const { result, writes } = ready.run(readPixelDeadTimeUs);
  assert.equal(result, 7.5);
  assert.deepEqual(writes.map(shownWrite), ["0x0020 = 0xC0000000"]);
  assert.equal(ready.reads, 1);
  const never = new PlayedSensor();
  assert.throws(() => never.run(readPixelDeadTimeUs), { code: "io", message: /no value ready; try again/ });
  assert.equal(never.reads, 11);
});
