/** Every field of an EVT3 decoder's statistics, each with a value of its own, so that no two can be confused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type DecoderStatistics } from "../../mod.ts";
import { decodeAll } from "./decoded.ts";
import { bytesOf16 } from "./evt3_words.ts";

function times(count: number, ...words: number[]): number[] {
  return Array.from({ length: count }, () => words).flat();
}

/** A sensor of 1280 x 720. The comments count what is new. */
const words = [
  ...times(2, 0xa001), // triggers without a time: 2 skipped
  0x8100, // TIME_HIGH, the first
  ...times(7, 0x2805), // events without a row: 7 skipped
  0x8101, // one step
  0x8103, // two steps: a discontinuity
  0x8102, // back: a discontinuity
  0x8103, // as before
  0x8fff, // far ahead: a discontinuity
  0x8000, // confirms it, and wraps
  ...times(6, 0x6001), // TIME_LOW
  ...times(4, 0x0064), // ADDR_Y 100
  ...times(17, 0x2805), // ADDR_X: 17 events
  ...times(3, 0x2d00), // at x 1280: 3 out of the sensor
  ...times(10, 0x3800, 0x4007), // VECT_BASE_X, VECT_12: 30 events
  ...times(11, 0x5001), // VECT_8: 11 events
  0x02d0, // ADDR_Y 720, then ADDR_X: 12 out of the sensor
  ...times(12, 0x2805),
  ...times(2, 0xa101), // triggers
  ...times(8, 0x9000), // of no known kind
  ...times(19, 0x9999), // padding
  0xe014, // OTHERS: what came into the rate controller, 0x0_001_00a
  0xf00a,
  0xf001,
  0x7000,
  0xe016, // what left it, 0x0_001_009
  0xf009,
  0xf001,
  0x7000,
  ...times(12, 0xe020), // OTHERS of another type
  ...times(10, 0xf000), // CONTINUED of it
];

const expected: DecoderStatistics = {
  words: 149,
  polarityEvents: 58,
  triggerEvents: 2,
  imuEvents: 0,
  frames: 0,
  wordsByKind: {
    addressY: 5,
    addressX: 39,
    vectorBase: 10,
    vector: 21,
    timeLow: 6,
    timeHigh: 7,
    trigger: 4,
    others: 14,
    continued: 16,
    unknown: 8,
    padding: 19,
  },
  outOfSensor: 15,
  skippedWords: 9,
  timeDiscontinuities: 3,
  timeWraps: 1,
  rateControllerInput: 0x100a,
  rateControllerOutput: 0x1009,
};

test("each field of the statistics counts what it says", async () => {
  const { wordsByKind, imuEvents: _imuEvents, frames: _frames, ...totals } = expected;
  const values = [wordsByKind, totals].flatMap((counts) => Object.values(counts));
  assert.equal(new Set(values).size, values.length, "no value twice");
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const { events, triggers } = decodeAll(decoder, [bytesOf16(words)]);
  assert.deepEqual(decoder.statistics, expected);
  assert.deepEqual([events.length, triggers.length], [expected.polarityEvents, expected.triggerEvents]);
  decoder.close();
});

test("before the first word all totals are 0, and the rate controller is unknown", async () => {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const { wordsByKind, rateControllerInput, rateControllerOutput, ...totals } = decoder.statistics;
  assert.deepEqual(new Set([...Object.values(wordsByKind), ...Object.values(totals)]), new Set([0]));
  assert.deepEqual([rateControllerInput, rateControllerOutput], [undefined, undefined]);
  decoder.close();
});
