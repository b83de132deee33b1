/** EVT2 and EVT2.1 through `createDecoder`. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type DecoderStatistics, type EventFormat } from "../../mod.ts";
import { decodeAll, type Decoded } from "./decoded.ts";
import {
  bytesOf32,
  bytesOf64,
  continued,
  event,
  other,
  others,
  timeHigh,
  trigger,
  vector,
  widened,
} from "./evt2_words.ts";

const sensor = { width: 640, height: 480 };

function* cutAt(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** The same happenings in every format, and what must come of them. */
interface Sample {
  readonly format: EventFormat;
  readonly bytes: Uint8Array;
  readonly expected: Decoded;
  readonly statistics: Partial<DecoderStatistics>;
}

const evt2Words = [
  event(1, 5, 1, 1), // skipped: no time yet
  timeHigh(2),
  event(1, 5, 100, 200),
  event(0, 6, 639, 479),
  event(1, 7, 640, 0), // beyond the sensor, as the next
  event(1, 7, 0, 480),
  trigger(8, 3, 1),
  other(0x14),
  continued(0x40_1234), // 22 bits count
  0x5000_0000, // no word of EVT2
  timeHigh(3),
  trigger(0, 0, 0),
];

const evt21Words = [
  vector(1, 5, 32, 1, 1), // skipped: no time yet
  widened(timeHigh(2)),
  vector(1, 5, 64, 200, 0x8000_0003),
  vector(0, 6, 624, 479, 0xffff_ffff), // 16 of 32 are beyond the sensor
  vector(0, 7, 0, 480, 7), // beyond the sensor
  widened(trigger(8, 3, 1)),
  others(0x16, 0xf040_0077),
  widened(continued(0)),
  0x3000_0000_0000_0000n, // no word of EVT2.1
  widened(timeHigh(3)),
  widened(trigger(0, 0, 0)),
];

const triggers = [[136, 3, 1], [192, 0, 0]];
const evt21Expected: Decoded = {
  events: [
    [133, 64, 200, 1],
    [133, 65, 200, 1],
    [133, 95, 200, 1],
    ...Array.from({ length: 16 }, (_, step) => [134, 624 + step, 479, 0]),
  ],
  triggers,
};
const noWords = {
  addressY: 0,
  addressX: 0,
  vectorBase: 0,
  vector: 0,
  timeLow: 0,
  timeHigh: 2,
  trigger: 2,
  others: 1,
  continued: 1,
  unknown: 1,
  padding: 0,
};
const evt21Statistics: Partial<DecoderStatistics> = {
  words: evt21Words.length,
  polarityEvents: 19,
  triggerEvents: 2,
  imuEvents: 0,
  frames: 0,
  wordsByKind: { ...noWords, vector: 4 },
  outOfSensor: 19,
  skippedWords: 1,
  timeDiscontinuities: 0,
  timeWraps: 0,
  rateControllerInput: undefined,
  rateControllerOutput: 0x77,
};

const samples: readonly Sample[] = [
  {
    format: "evt2",
    bytes: bytesOf32(evt2Words),
    expected: { events: [[133, 100, 200, 1], [134, 639, 479, 0]], triggers },
    statistics: {
      words: evt2Words.length,
      polarityEvents: 2,
      triggerEvents: 2,
      imuEvents: 0,
      frames: 0,
      wordsByKind: { ...noWords, addressX: 5 },
      outOfSensor: 2,
      skippedWords: 1,
      timeDiscontinuities: 0,
      timeWraps: 0,
      rateControllerInput: 0x1234,
      rateControllerOutput: undefined,
    },
  },
  { format: "evt21", bytes: bytesOf64(evt21Words, "little"), expected: evt21Expected, statistics: evt21Statistics },
  {
    format: "evt21-legacy",
    bytes: bytesOf64(evt21Words, "legacy"),
    expected: evt21Expected,
    statistics: evt21Statistics,
  },
];

for (const { format, bytes, expected, statistics } of samples) {
  test(`${format}: events, triggers and counters`, async () => {
    const decoder = await createDecoder({ format, ...sensor });
    assert.equal(decoder.currentTime, undefined);
    assert.deepEqual(decodeAll(decoder, [bytes]), expected);
    assert.deepEqual(decoder.statistics, statistics);
    assert.equal(decoder.currentTime, 192);
    decoder.close();
  });

  test(`${format}: cut at any byte it gives the same`, async () => {
    const decoder = await createDecoder({ format, ...sensor });
    for (let first = 0; first <= bytes.length; first++) {
      decoder.reset();
      assert.deepEqual(decodeAll(decoder, [bytes.subarray(0, first), bytes.subarray(first)]), expected, `at ${first}`);
    }
    for (let size = 1; size < 24; size++) {
      decoder.reset();
      assert.deepEqual(decodeAll(decoder, cutAt(bytes, size)), expected, `every ${size} bytes`);
      assert.deepEqual(decoder.statistics, statistics);
    }
    decoder.close();
  });

  test(`${format}: a reset forgets time, totals and the first half of a word`, async () => {
    const decoder = await createDecoder({ format, ...sensor });
    decodeAll(decoder, [bytes.subarray(0, bytes.length - 3)]);
    decoder.reset();
    assert.equal(decoder.currentTime, undefined);
    assert.equal(decoder.statistics.words, 0);
    assert.equal(decoder.statistics.rateControllerInput, undefined);
    assert.deepEqual(decodeAll(decoder, [bytes]), expected);
    decoder.close();
    assert.throws(() => decoder.decode(bytes), { name: "NeuromorphicError", code: "closed" });
  });
}

test("EVT2 and EVT2.1: a step back holds the time, the counter's end wraps it", async () => {
  for (const { format } of samples) {
    const words = [
      timeHigh(0xfff_fffe),
      event(1, 9, 1, 2),
      timeHigh(0xfff_fffd), // back: time holds
      event(1, 63, 2, 2),
      timeHigh(0xfff_ffff),
      event(0, 63, 3, 2),
      timeHigh(0), // the counter starts again
      event(0, 1, 4, 2),
    ];
    const wide = words.map((word) => word >= 2 ** 31 ? widened(word) : widened(word) | 1n);
    const bytes = format === "evt2" ? bytesOf32(words) : bytesOf64(wide, format === "evt21" ? "little" : "legacy");
    const decoder = await createDecoder({ format, ...sensor });
    const held = 0xfff_fffe * 64 + 9;
    assert.deepEqual(decodeAll(decoder, [bytes]).events, [
      [held, 1, 2, 1],
      [held, 2, 2, 1],
      [2 ** 34 - 1, 3, 2, 0],
      [2 ** 34 + 1, 4, 2, 0],
    ]);
    assert.equal(decoder.statistics.timeDiscontinuities, 1);
    assert.equal(decoder.statistics.timeWraps, 1);
    decoder.close();
  }
});

test("EVT2.1: a vector that does not fit into one packet goes on in the next", async () => {
  // 65,536 events fill a packet; three pixels a word never end there.
  const count = 100_000;
  const words = [widened(timeHigh(1)), ...Array.from({ length: count }, (_, i) => vector(1, 5, 32, i % 480, 0x70))];
  const decoder = await createDecoder({ format: "evt21", ...sensor });
  let index = 0;
  const lengths: number[] = [];
  for (const { polarityEvents } of decoder.decode(bytesOf64(words, "little"))) {
    const { t, x, y, on } = polarityEvents!;
    lengths.push(t.length);
    for (let i = 0; i < t.length; i++, index++) {
      const row = Math.floor(index / 3) % 480;
      const same = t[i] === 69 && x[i] === 36 + index % 3 && y[i] === row && on[i] === 1;
      if (!same) assert.fail(`event ${index} is (${t[i]}, ${x[i]}, ${y[i]}, ${on[i]})`);
    }
  }
  assert.equal(index, 3 * count);
  assert.ok(lengths.length > 1);
  assert.equal(decoder.statistics.words, words.length);
  decoder.close();
});
