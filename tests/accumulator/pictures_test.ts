/** Pictures and values of every kind against the plain reference. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type AccumulatorOptions, createAccumulator, type FadingKind, type PolarityEvents } from "../../mod.ts";
import { atRandom, type Random } from "../support/random.ts";
import { levelMap, pictureOf, Reference } from "./reference.ts";

const size = { width: 21, height: 7 };

const every: readonly AccumulatorOptions[] = [
  { kind: "decay", ...size, tauUs: 3000 },
  { kind: "decay", ...size },
  { kind: "decay", ...size, tauUs: 1 },
  { kind: "decay", ...size, tauUs: 100_000_000 },
  { kind: "linear", ...size, tauUs: 510 },
  { kind: "linear", ...size, tauUs: 100_000_000 },
  { kind: "window", ...size, tauUs: 2000 },
  { kind: "time-surface", ...size, tauUs: 5000 },
  { kind: "count", ...size },
  { kind: "count", ...size, fullCount: 30_000 },
  { kind: "voxel", ...size, bins: 3, binUs: 1000 },
  { kind: "voxel", ...size, fullCount: 1 },
];

/** Events at times that begin at `start`; some lie beyond the picture, some have odd times. */
function someEvents(random: Random, start: number, count: number, isOdd = true): PolarityEvents {
  let time = start;
  const one = () => {
    time += random.chance(0.7) ? 0 : random.whole(0, 200);
    const odd = isOdd && random.chance(0.1) ? random.pick([-1, NaN, Infinity, 2 ** 51, time + 0.5, time + 0.25]) : time;
    return { t: odd, x: random.whole(0, isOdd ? 23 : 20), y: random.whole(0, isOdd ? 8 : 6), on: random.pick([0, 1]) };
  };
  const all = Array.from({ length: count }, one);
  return {
    t: new Float64Array(all.map(({ t }) => t)),
    x: new Uint16Array(all.map(({ x }) => x)),
    y: new Uint16Array(all.map(({ y }) => y)),
    on: new Uint8Array(all.map(({ on }) => on)),
  };
}

/** Equal, but for the last digit of the exponential function. */
function assertValues(values: Float32Array, expected: readonly number[]): void {
  assert.equal(values.length, expected.length);
  for (const [index, value] of values.entries()) {
    const wanted = Math.fround(expected[index]!);
    assert.ok(
      value === wanted || Math.abs(value - wanted) <= Math.abs(wanted) * 2 ** -23,
      `value ${index} is ${value}, not ${wanted}`,
    );
  }
}

/** Equal; tells the first pixel that is not. */
function assertPicture(image: Uint8ClampedArray, expected: readonly number[]): void {
  const index = image.findIndex((part, index) => part !== expected[index]) & ~3;
  if (index >= 0) {
    const [found, wanted] = [image.slice(index, index + 4), expected.slice(index, index + 4)];
    assert.fail(`pixel ${index / 4} is ${found.join()}, not ${wanted.join()}`);
  }
  assert.equal(image.length, expected.length);
}

for (const options of every) {
  test(`${JSON.stringify(options)} is as its definition says, also of odd events`, async () => {
    await atRandom(async (random) => {
      using accumulator = await createAccumulator(options);
      const reference = new Reference(options);
      let time = random.pick([0, 5, 2 ** 24 - 100, 2 ** 33, 2 ** 42]);
      for (let round = 0; round < 12; ++round) {
        const events = someEvents(random, time, random.whole(0, 60));
        const { events: added, onEvents, outside } = accumulator.add({ polarityEvents: events });
        assert.equal(outside, reference.add(events));
        assert.equal(added + outside, events.t.length);
        assert.ok(onEvents <= added);
        const now = (accumulator.currentTime ?? 0) + random.pick([0, 1, 255, 999, 1000, 5000, 10_000, 1e6, 2 ** 30]);
        assertPicture(accumulator.image({ t: now, colorMap: levelMap }), pictureOf(reference.levels(now)));
        assertValues(accumulator.values({ t: now }), reference.values(now));
        if (round === 6) {
          accumulator.clear();
          reference.clear();
        }
        time += random.pick([0, 100, 20_000, 2 ** 24, 2 ** 31]);
      }
    });
  });
}

test("one accumulator of last events can be looked at as any of their kinds, and with any time to fade", async () => {
  await atRandom(async (random) => {
    const options = { kind: "decay", ...size } as const;
    using accumulator = await createAccumulator(options);
    const reference = new Reference(options);
    const events = someEvents(random, 1e9, 200, false);
    accumulator.add({ polarityEvents: events });
    reference.add(events);
    const now = accumulator.currentTime!;
    for (const kind of ["linear", "decay", "window", "time-surface", "decay"] satisfies FadingKind[]) {
      for (const tauUs of [1, 70, 1000, 30_000]) {
        const levels = reference.levels(now, { kind, tauUs });
        assertPicture(accumulator.image({ kind, tauUs, colorMap: levelMap }), pictureOf(levels));
        assertValues(accumulator.values({ kind, tauUs }), reference.values(now, { kind, tauUs }));
      }
    }
  });
});

test("pictures fade where nothing happens, and a time of the past is taken for the last one", async () => {
  using accumulator = await createAccumulator({ kind: "linear", width: 1, height: 1, tauUs: 1000 });
  assert.deepEqual([...accumulator.values({ t: 99 })], [0]);
  accumulator.add({
    polarityEvents: {
      t: new Float64Array([5000]),
      x: new Uint16Array([0]),
      y: new Uint16Array([0]),
      on: new Uint8Array([1]),
    },
  });
  const at = (t: number) => accumulator.values({ t })[0];
  assert.deepEqual([5000, 5250, 5500, 6000, 7000, 2 ** 50, 10, 0].map(at), [1, 0.75, 0.5, 0, 0, 0, 1, 1]);
  accumulator.add({});
  assert.equal(accumulator.currentTime, 5000);
});

test("a picture that is cleared knows the time, and one that is reset begins anew", async () => {
  await atRandom(async (random) => {
    for (const options of every) {
      using accumulator = await createAccumulator(options);
      accumulator.add({ polarityEvents: someEvents(random, 2 ** 40, 50, false) });
      accumulator.clear();
      assert.ok(accumulator.currentTime! >= 2 ** 40);
      assert.ok(accumulator.image().every((part, index) => part === (index % 4 === 3 ? 255 : 0)));
      accumulator.reset();
      assert.equal(accumulator.currentTime, undefined);
      const reference = new Reference(options);
      const events = someEvents(random, 7, 50, false);
      reference.add(events);
      assert.equal(accumulator.add({ polarityEvents: events }).outside, 0);
      const now = accumulator.currentTime!;
      assertPicture(accumulator.image({ colorMap: levelMap }), pictureOf(reference.levels(now)));
    }
  });
});

test("a column that is any number but 0 is ON", async () => {
  for (const kind of ["window", "count"] as const) {
    using accumulator = await createAccumulator({ kind, width: 2, height: 1 });
    const { onEvents } = accumulator.add({
      polarityEvents: {
        t: new Float64Array([0, 0]),
        x: new Uint16Array([0, 1]),
        y: new Uint16Array(2),
        on: new Uint8Array([255, 2]),
      },
    });
    assert.equal(onEvents, 2);
    assert.deepEqual([...accumulator.values()], [1, 1]);
  }
});
