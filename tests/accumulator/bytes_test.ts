/** Bytes straight to pictures are the pictures of their packets. */

import assert from "node:assert/strict";
import {
  type Accumulator,
  type AccumulatorKind,
  createAccumulator,
  createDecoder,
  createEncoder,
  type Decoder,
  type EventFormat,
} from "../../mod.ts";
import { bytesOf16 } from "../decoder/evt3_words.ts";
import { randomStream } from "../decoder/random_streams.ts";
import { atRandom, cutRandomly } from "../support/random.ts";
import { slow, test } from "../support/test.ts";
import { randomScene } from "../encoder/encoded.ts";

const formats: readonly EventFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy", "evt4"];
const kinds: readonly AccumulatorKind[] = ["decay", "window", "time-surface", "count", "voxel"];
const sensor = { width: 1280, height: 720 };
/** Smaller than the sensor: some events lie beyond it. */
const region = { width: 700, height: 300 };

/** Of the bytes' time: packets tell the time of the last event only. */
function assertSamePicture(straight: Accumulator, plain: Accumulator): void {
  const t = straight.currentTime;
  const [values, expected] = [straight.values({ t }), plain.values({ t })];
  assert.ok(values.every((value, pixel) => value === expected[pixel]));
  const [image, expectedImage] = [straight.image({ t }), plain.image({ t })];
  assert.ok(image.every((part, index) => part === expectedImage[index]));
}

/** Adds bytes by both ways, and compares what they tell. */
function addBoth(bytes: Uint8Array, ways: readonly [Accumulator, Decoder, Accumulator, Decoder]): number[] {
  const [straight, straightDecoder, plain, plainDecoder] = ways;
  const { events, onEvents, outside, triggerEvents } = straight.addBytes(bytes, straightDecoder);
  const expected = { events: 0, onEvents: 0, outside: 0 };
  const triggers: number[] = [];
  for (const packet of plainDecoder.decode(bytes)) {
    const added = plain.add(packet);
    expected.events += added.events;
    expected.onEvents += added.onEvents;
    expected.outside += added.outside;
    const { t, id, edge } = packet.triggerEvents ?? { t: [], id: [], edge: [] };
    for (const [index, time] of [...t].entries()) triggers.push(time, id[index]!, edge[index]!);
  }
  assert.deepEqual({ events, onEvents, outside }, expected);
  const { t, id, edge } = triggerEvents ?? { t: [], id: [], edge: [] };
  assert.deepEqual([...t].flatMap((time, index) => [time, id[index]!, edge[index]!]), triggers);
  assert.equal(straightDecoder.currentTime, plainDecoder.currentTime);
  assert.deepEqual(straightDecoder.statistics, plainDecoder.statistics);
  return triggers;
}

for (const format of formats) {
  test(
    `random ${format} gives the same picture by packets and straight from bytes, however it is cut`,
    slow,
    async () => {
      await atRandom(async (random) => {
        for (const kind of kinds) {
          const { width, height } = random.pick([sensor, region]);
          using straight = await createAccumulator({ kind, width, height });
          using plain = await createAccumulator({ kind, width, height });
          using straightDecoder = await createDecoder({ format, ...sensor });
          using plainDecoder = await createDecoder({ format, ...sensor });
          const bytes = randomStream(format, random, 30_000, random.pick(["events", "triggers", undefined]));
          for (const part of cutRandomly(bytes, random, random.pick([700, 20_000, bytes.length]))) {
            addBoth(part, [straight, straightDecoder, plain, plainDecoder]);
            if (random.chance(0.05)) {
              straightDecoder.gap(20_000_000);
              plainDecoder.gap(20_000_000);
            }
          }
          assertSamePicture(straight, plain);
        }
      });
    },
  );
}

test("vectors and single events give the same picture by packets and straight from bytes", slow, async () => {
  await atRandom(async (random) => {
    for (const kind of kinds) {
      using encoder = await createEncoder({ format: "evt3", ...sensor });
      const bytes = encoder.encode(randomScene(random, 1280, 720));
      using straight = await createAccumulator({ kind, ...sensor });
      using plain = await createAccumulator({ kind, ...sensor });
      using straightDecoder = await createDecoder({ format: "evt3", ...sensor });
      using plainDecoder = await createDecoder({ format: "evt3", ...sensor });
      addBoth(bytes, [straight, straightDecoder, plain, plainDecoder]);
      assertSamePicture(straight, plain);
    }
  });
});

test("more triggers than one native call gives come all", slow, async () => {
  using accumulator = await createAccumulator({ kind: "decay", ...sensor });
  using decoder = await createDecoder({ format: "evt3", ...sensor });
  const words = Array.from({ length: 5000 }, (_, index) => [0x6000 | index % 4096 >> 1, 0xa000 | index % 2]).flat();
  const { triggerEvents } = accumulator.addBytes(bytesOf16([0x8001, ...words]), decoder);
  assert.equal(triggerEvents?.t.length, 5000);
  assert.ok(triggerEvents.edge.every((edge, index) => edge === index % 2));
});

test("the clock of bytes without events is the picture's time", slow, async () => {
  using accumulator = await createAccumulator({ kind: "decay", ...sensor });
  using decoder = await createDecoder({ format: "evt3", ...sensor });
  assert.deepEqual(accumulator.addBytes(new Uint8Array(0), decoder), { events: 0, onEvents: 0, outside: 0 });
  assert.equal(accumulator.currentTime, undefined);
  accumulator.addBytes(bytesOf16([0x8003, 0x6005]), decoder);
  assert.equal(accumulator.currentTime, 3 * 4096 + 5);
});

test("bytes need a decoder of createDecoder that is open, and no header of a file", slow, async () => {
  using accumulator = await createAccumulator({ kind: "decay", ...sensor });
  using decoder = await createDecoder({ format: "evt3", ...sensor });
  const header = new TextEncoder().encode("% date 2026-11-28 12:00:00\n% format EVT3\n");
  assert.throws(() => accumulator.addBytes(header, decoder), /^TypeError: .*header/);
  assert.throws(() => accumulator.addBytes([] as unknown as Uint8Array, decoder), /^TypeError: bytes must be/);
  const other = {} as Decoder;
  assert.throws(() => accumulator.addBytes(header, other), /^TypeError: decoder must be a decoder of createDecoder/);
  decoder.close();
  assert.throws(() => accumulator.addBytes(new Uint8Array(2), decoder), { code: "closed" });
});

test("a loop over packets that was left is ended by bytes that go into a picture", slow, async () => {
  using accumulator = await createAccumulator({ kind: "count", ...sensor });
  using decoder = await createDecoder({ format: "evt3", ...sensor });
  const words = bytesOf16([0x8000, 0x0001, ...Array.from({ length: 70_000 }, () => 0x2801)]);
  const loop = decoder.decode(words)[Symbol.iterator]();
  loop.next();
  assert.equal(accumulator.addBytes(bytesOf16([0x2802]), decoder).events, 1);
  assert.throws(() => loop.next(), /^TypeError: the decoder's next decode\(\)/);
});
