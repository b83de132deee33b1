import assert from "node:assert/strict";
import { Merger } from "../../src/recording/merger.ts";
import { PendingGaps } from "../../src/recording/pending_gaps.ts";
import { packetOfParts } from "../../src/recording/packet_of_parts.ts";
import type { Packet, PolarityEvents } from "../../mod.ts";
import { atRandom, type Random } from "../support/random.ts";
import { test } from "../support/test.ts";

function polarity(times: readonly number[]): PolarityEvents {
  const t = Float64Array.from(times);
  return { t, x: Uint16Array.from(times, (_, i) => i), y: new Uint16Array(t.length), on: new Uint8Array(t.length) };
}

const trigger = (t: number) => ({ t, id: 3, edge: 1 });
const sample = (t: number) => ({
  t,
  accelerometer: [1, 2, 3] as const,
  gyroscope: [4, 5, 6] as const,
  temperature: 7,
});

/** Times of a packet by kind. */
function timesOf({ polarityEvents, triggerEvents, imuEvents, frames }: Packet): Record<string, number[]> {
  return {
    polarity: [...polarityEvents?.t ?? []],
    trigger: [...triggerEvents?.t ?? []],
    imu: [...imuEvents?.t ?? []],
    frame: (frames ?? []).map(({ t }) => t),
  };
}

/** Batches of times that do not fall, of all lengths. */
function batches(random: Random, count: number): number[][] {
  let t = random.whole(0, 100);
  return Array.from(
    { length: count },
    () => Array.from({ length: random.pick([1, 2, 30]) }, () => t += random.pick([0, 1, 400])),
  );
}

test("packets of several kinds follow each other in time, and hold all", {}, () =>
  atRandom((random) => {
    const given = { polarity: batches(random, 200), trigger: batches(random, 100), imu: batches(random, 150) };
    const expected = Object.fromEntries(Object.entries(given).map(([kind, list]) => [kind, list.flat()]));
    const merger = new Merger(["polarity", "trigger", "imu"]);
    const packets: Packet[] = [];
    for (;;) {
      // As a file has them: the batch that begins first comes first.
      const next = Object.entries(given).filter(([, list]) => list.length > 0)
        .toSorted(([, left], [, right]) => left[0]![0]! - right[0]![0]!)[0];
      if (next === undefined) break;
      const [kind, list] = next;
      const times = list.shift()!;
      if (kind === "polarity") merger.addPolarity(polarity(times));
      else if (kind === "trigger") merger.addTriggers(times.map(trigger));
      else merger.addImu(times.map(sample));
      packets.push(...merger.ready());
    }
    const beforeRest = packets.length;
    packets.push(...merger.until(Infinity));
    assert.ok(beforeRest > packets.length / 2, "packets come before the end");
    const found: Record<string, number[]> = { polarity: [], trigger: [], imu: [] };
    let last = -Infinity;
    for (const packet of packets) {
      const times = timesOf(packet);
      const all = Object.values(times).flat();
      assert.ok(Math.min(...all) >= last, `${Math.min(...all)} comes after ${last}`);
      last = Math.max(...all);
      for (const kind of Object.keys(found)) found[kind]!.push(...times[kind]!);
    }
    assert.deepEqual(found, expected);
    assert.equal(merger.currentTime, last);
    return Promise.resolve();
  }));

test("a silent stream is waited for during 32 batches", {}, () => {
  const merger = new Merger(["polarity", "trigger"]);
  for (let i = 0; i < 32; i++) {
    merger.addPolarity(polarity([10 * i]));
    assert.deepEqual([...merger.ready()], []);
  }
  merger.addPolarity(polarity([320]));
  assert.deepEqual([...merger.ready()].map(timesOf), [{ polarity: [0], trigger: [], imu: [], frame: [] }]);
  merger.addTriggers([trigger(155)]);
  const times = [...merger.ready()].map(timesOf);
  assert.deepEqual(times.flatMap(({ polarity }) => polarity), Array.from({ length: 15 }, (_, i) => 10 * (i + 1)));
  assert.deepEqual(times.flatMap(({ trigger }) => trigger), [155]);
});

test("no packet has more than 65,536 events, or 4096 of another kind", {}, () => {
  const merger = new Merger([]);
  merger.addPolarity(polarity(Array.from({ length: 150_000 }, (_, i) => i >> 4)));
  merger.addTriggers(Array.from({ length: 10_000 }, (_, i) => trigger(i >> 3)));
  const times = [...merger.until(Infinity)].map(timesOf);
  let last = -Infinity;
  for (const all of times.map((kinds) => Object.values(kinds).flat())) {
    const first = all.reduce((least, time) => Math.min(least, time), Infinity);
    assert.ok(first >= last, `${first} comes after ${last}`);
    last = all.reduce((most, time) => Math.max(most, time), last);
  }
  assert.ok(times.every(({ polarity, trigger }) => polarity!.length <= 65_536 && trigger!.length <= 4096));
  assert.equal(times.flatMap(({ polarity }) => polarity).length, 150_000);
  assert.equal(times.flatMap(({ trigger }) => trigger).length, 10_000);
});

test("a packet holds what it was made of, frames of both formats among it", {}, () => {
  const common = { t: 9, startT: 8, exposureStartT: NaN, exposureEndT: 7, x: 1, y: 2, width: 3, height: 1 };
  const frames = [
    { ...common, format: "gray8" as const, pixels: Uint8Array.of(1, 2, 3) },
    { ...common, format: "gray16" as const, pixels: Uint16Array.of(1000, 2000, 3000) },
  ];
  const packet = packetOfParts({ polarity: polarity([5]), trigger: [trigger(6)], imu: [sample(7)], frame: frames });
  assert.deepEqual(packet.frames, frames);
  assert.deepEqual([...packet.polarityEvents!.t, ...packet.triggerEvents!.id, ...packet.imuEvents!.gyroscopeZ], [
    5,
    3,
    6,
  ]);
});

test("a gap stands behind the events that came before it", {}, () => {
  const gaps = new PendingGaps();
  gaps.add(20, { bytes: 7 });
  const packet = (times: readonly number[]) =>
    packetOfParts({ polarity: polarity(times), trigger: [], imu: [], frame: [] });
  assert.deepEqual(gaps.takeFor(packet([10, 20])), []);
  const [gap] = gaps.takeFor(packet([20, 20, 21]));
  assert.deepEqual([gap!.polarityEventIndex, gap!.droppedBytes], [2, 7]);
  assert.ok(gaps.isEmpty);
  gaps.add(50, { transfers: 2 });
  assert.deepEqual(gaps.takeFor(packet([50])), []);
  assert.equal(gaps.takeFor(packet([50]), true)[0]!.polarityEventIndex, 1);
});
