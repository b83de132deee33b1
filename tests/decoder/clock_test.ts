/** Streams whose clock jumps, goes back or starts again, in every format, cut anywhere. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type EventFormat } from "../../mod.ts";
import { decodeAll } from "./decoded.ts";
import { bytesOf32, bytesOf64, event, timeHigh, widened } from "./evt2_words.ts";
import { bytesOf16 } from "./evt3_words.ts";

/** TIME_HIGHs, each with an event behind it; `far` is many seconds. */
interface Clock {
  readonly name: string;
  readonly highs: (far: number) => number[];
  /** The TIME_HIGH of each event's time. */
  readonly expected: (far: number) => number[];
  readonly discontinuities: number;
}

const clocks: readonly Clock[] = [
  {
    name: "three later time words confirm a clock that starts again, and times go on from the last",
    highs: (far) => [far, 0, 0, 1, 2, 3, 4],
    expected: (far) => [far, far, far, far, far, far + 3, far + 4],
    discontinuities: 1,
  },
  {
    name: "a time word far ahead that the next one contradicts moves nothing",
    highs: (far) => [5, far, 6, 7, 7, 2 * far, 8],
    expected: () => [5, 5, 6, 7, 7, 7, 8],
    discontinuities: 2,
  },
  {
    name: "a time word that goes back, and the next one does not, moves nothing",
    highs: (far) => [far, 3, far + 1, far + 2],
    expected: (far) => [far, far, far + 1, far + 2],
    discontinuities: 1,
  },
  {
    name: "one later time word confirms a jump",
    highs: (far) => [5, far, far + 1, far + 2],
    expected: (far) => [5, 5, far + 1, far + 2],
    discontinuities: 1,
  },
];

interface Format {
  readonly format: EventFormat;
  readonly far: number;
  readonly stepUs: number;
  readonly encode: (highs: readonly number[]) => Uint8Array;
}

function evt2Words(highs: readonly number[]): number[] {
  return highs.flatMap((high) => [timeHigh(high), event(1, 0, 5, 100)]);
}

/** Each event is a word with one pixel. */
function evt21Words(highs: readonly number[]): bigint[] {
  return evt2Words(highs).map((word, index) => widened(word) | BigInt(index % 2));
}

const formats: readonly Format[] = [
  {
    format: "evt3",
    far: 1800,
    stepUs: 4096,
    encode: (highs) => bytesOf16(highs.flatMap((high) => [0x8000 + high, 0x0064, 0x2805])),
  },
  { format: "evt2", far: 46_875_000, stepUs: 64, encode: (highs) => bytesOf32(evt2Words(highs)) },
  { format: "evt21", far: 46_875_000, stepUs: 64, encode: (highs) => bytesOf64(evt21Words(highs), "little") },
  { format: "evt21-legacy", far: 46_875_000, stepUs: 64, encode: (highs) => bytesOf64(evt21Words(highs), "legacy") },
];

for (const { name, highs, expected, discontinuities } of clocks) {
  for (const { format, far, stepUs, encode } of formats) {
    test(`${format}: ${name}`, async () => {
      const bytes = encode(highs(far));
      for (const size of [bytes.length, 1, 3, 7]) {
        using decoder = await createDecoder({ format, width: 1280, height: 720 });
        const { events } = decodeAll(decoder, partsOf(bytes, size));
        assert.deepEqual(events.map(([t]) => t! / stepUs), expected(far), `${size} bytes at a time`);
        assert.equal(decoder.statistics.timeDiscontinuities, discontinuities);
      }
    });
  }
}

function partsOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

test("padding means nothing, wherever it stands, and is not unknown", async () => {
  const words = [0x8005, 0x6007, 0xe014, 0xf123, 0xf456, 0x7007, 0x0064, 0x2805, 0x3a80, 0x4001, 0x5001];
  for (let place = 0; place <= words.length; place++) {
    using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
    const { events } = decodeAll(decoder, [bytesOf16(words.toSpliced(place, 0, 0x9999, 0x9999))]);
    assert.deepEqual(events, [[20487, 5, 100, 1], [20487, 640, 100, 1], [20487, 652, 100, 1]], `at ${place}`);
    const { wordsByKind, skippedWords, rateControllerInput } = decoder.statistics;
    assert.equal(rateControllerInput, 0x7456123, `at ${place}`);
    assert.deepEqual([wordsByKind.padding, wordsByKind.unknown, skippedWords], [2, 0, 0], `at ${place}`);
  }
});
