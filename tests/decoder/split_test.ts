/** Bytes at random, given in one piece and cut anywhere: events, triggers, statistics and clock must be the same. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecoder, type Decoder, type EventFormat } from "../../mod.ts";
import { packetCapacity } from "../../src/decoder/packet_capacity.ts";
import { atRandom, cutRandomly, type Random } from "../support/random.ts";
import { randomStream } from "./random_streams.ts";
import { slow } from "../support/test.ts";

const sensor = { width: 640, height: 480 };
const formats: readonly EventFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy", "evt4"];

/** All values of all columns, one after the other. */
interface Columns {
  readonly events: number[];
  readonly triggers: number[];
}

function decodeParts(decoder: Decoder, parts: Iterable<Uint8Array>): Columns {
  const columns: Columns = { events: [], triggers: [] };
  for (const part of parts) {
    for (const { polarityEvents, triggerEvents } of decoder.decode(part)) {
      polarityEvents?.t.forEach((t, i) => {
        const { x, y, on } = polarityEvents;
        columns.events.push(t, x[i]!, y[i]!, on[i]!);
      });
      triggerEvents?.t.forEach((t, i) => columns.triggers.push(t, triggerEvents.id[i]!, triggerEvents.edge[i]!));
    }
  }
  return columns;
}

/** As `assert.deepEqual`, which takes seconds for that many. */
function assertSame(actual: readonly number[], expected: readonly number[], what: string): void {
  const difference = expected.findIndex((value, index) => value !== actual[index]);
  assert.equal(difference, -1, `${what} differ from value ${difference} on`);
  assert.equal(actual.length, expected.length, what);
}

/** Decodes a stream whole, then cut into parts of at most each length. */
async function compareSplits(format: EventFormat, bytes: Uint8Array, random: Random, lengths: number[]) {
  const whole = await createDecoder({ format, ...sensor });
  const expected = decodeParts(whole, [bytes]);
  const cut = await createDecoder({ format, ...sensor });
  for (const longest of lengths) {
    cut.reset();
    const actual = decodeParts(cut, cutRandomly(bytes, random, longest));
    assertSame(actual.events, expected.events, `events of parts of up to ${longest} bytes`);
    assertSame(actual.triggers, expected.triggers, `triggers of parts of up to ${longest} bytes`);
    assert.deepEqual(cut.statistics, whole.statistics);
    assert.equal(cut.currentTime, whole.currentTime);
  }
  const { statistics } = whole;
  whole.close();
  cut.close();
  return statistics;
}

function testAtRandom(name: string, run: (random: Random) => Promise<void>): void {
  test(name, slow, () => atRandom(run));
}

/** What streams may consist of, its kind, and its total in the statistics. */
const fullOf = [["events", "polarity", "polarityEvents"], ["triggers", "trigger", "triggerEvents"]] as const;

for (const format of formats) {
  testAtRandom(`${format}: any split gives what none gives`, async (random) => {
    for (let round = 0; round < 60; round++) {
      const bytes = randomStream(format, random, random.whole(1, 600));
      await compareSplits(format, bytes, random, [1, 3, 17, 70, 1000]);
    }
  });

  for (const [mostly, kind, total] of fullOf) {
    testAtRandom(`${format}: so it does where packets are full of ${mostly}`, async (random) => {
      const count = packetCapacity[kind] * 9 / 4;
      let events = 0;
      // By chance most words give nothing: in EVT3 a row may long be unknown.
      while (events <= packetCapacity[kind]) {
        const bytes = randomStream(format, random, count, mostly);
        events = (await compareSplits(format, bytes, random, [5000, bytes.length]))[total];
      }
    });
  }

  testAtRandom(
    `${format}: who takes one packet of a call, or none, has the same statistics and clock`,
    async (random) => {
      const whole = await createDecoder({ format, ...sensor });
      const left = await createDecoder({ format, ...sensor });
      for (let round = 0; round < 20; round++) {
        const bytes = randomStream(format, random, random.whole(1, 5000));
        decodeParts(whole, [bytes]);
        for (const part of cutRandomly(bytes, random, 10_000)) {
          const packets = left.decode(part);
          if (random.chance(0.5)) packets[Symbol.iterator]().next();
        }
        left.decode(new Uint8Array(0)); // what was not taken is decoded with the next call
        assert.deepEqual(left.statistics, whole.statistics);
        assert.equal(left.currentTime, whole.currentTime);
      }
      whole.close();
      left.close();
    },
  );
}
