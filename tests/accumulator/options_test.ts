/** Mistakes of a caller, colours, and the end of an accumulator. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  type AccumulatedEvents,
  type Accumulator,
  type AccumulatorOptions,
  type ColorMap,
  createAccumulator,
  type ImageOptions,
} from "../../mod.ts";

const size = { width: 4, height: 3 };

test("options that are missing, unknown to the kind or out of range are mistakes", async () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /^TypeError: the options of createAccumulator must be an object/],
    [{ ...size }, /^TypeError: kind must be one of/],
    [{ kind: "exponential", ...size }, /^RangeError: kind must be one of "decay"/],
    [{ kind: "decay", width: 4 }, /^TypeError: height must be/],
    [{ kind: "decay", ...size, width: 0 }, /^RangeError: width must be a whole number from 1 to 2048, not 0/],
    [{ kind: "decay", ...size, tauUs: 0 }, /^RangeError: tauUs must be a whole number from 1 to 100000000, not 0/],
    [{ kind: "decay", ...size, tauUs: 1e8 + 1 }, /^RangeError: tauUs/],
    [{ kind: "decay", ...size, tau: 5 }, /^TypeError: createAccumulator has no option "tau"; did you mean "tauUs"/],
    [{ kind: "decay", ...size, bins: 5 }, /^TypeError: createAccumulator has no option "bins"/],
    [{ kind: "count", ...size, tauUs: 5 }, /^TypeError: createAccumulator has no option "tauUs"/],
    [{ kind: "count", ...size, fullCount: 32_768 }, /^RangeError: fullCount/],
    [{ kind: "voxel", ...size, bins: 65 }, /^RangeError: bins/],
    [{ kind: "voxel", ...size, binUs: 999 }, /^RangeError: binUs/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(createAccumulator(options as AccumulatorOptions), message);
  }
});

test("options of pictures are checked by the kind", async () => {
  using decay = await createAccumulator({ kind: "decay", ...size });
  using count = await createAccumulator({ kind: "count", ...size });
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ t: -1 }, /^RangeError: t must be/],
    [{ t: "now" }, /^TypeError: t must be/],
    [{ colorMap: "darkk" }, /^RangeError: colorMap must be one of .*did you mean "dark"/],
    [{ colorMap: 5 }, /^TypeError: colorMap must be the name of a colour map, or an object/],
    [{ colorMap: { off: [[0, 0, 0]] } }, /^TypeError: colorMap.on must be an array/],
    [{ colorMap: { off: [[0, 0, 0]], on: [] } }, /^RangeError: colorMap.on must have at least one colour/],
    [{ colorMap: { off: [[0, 0, 0]], on: [[1, 2]] } }, /^TypeError: colorMap.on\[0\] must be/],
    [{ colorMap: { off: [[0, 0, 0]], on: [[1, 2, 256]] } }, /^RangeError: colorMap.on\[0\]\[2\] must be/],
  ];
  for (const accumulator of [decay, count]) {
    for (const [options, message] of wrong) assert.throws(() => accumulator.image(options as ImageOptions), message);
    assert.throws(() => accumulator.values({ colorMap: "dark" } as ImageOptions), /^TypeError: values has no option/);
  }
  assert.throws(() => decay.image({ fullCount: 3 }), /^TypeError: image has no option "fullCount"/);
  assert.throws(() => decay.image({ kind: "count" as "decay" }), /^RangeError: kind must be one of/);
  assert.throws(() => count.image({ kind: "decay" }), /^TypeError: image has no option "kind"/);
  assert.throws(() => count.image({ tauUs: 5 }), /^TypeError: image has no option "tauUs"/);
});

test("events must be columns of the right types and of equal lengths, and nothing is added otherwise", async () => {
  using accumulator = await createAccumulator({ kind: "count", ...size });
  const good = { t: new Float64Array(1), x: new Uint16Array(1), y: new Uint16Array(1), on: new Uint8Array(1) };
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [
      undefined,
      /^TypeError: events must be a packet, or an object with polarityEvents or triggerEvents, not undefined/,
    ],
    [good, /^TypeError: events must be a packet, .* not an object with t, x, y, on$/],
    [{ status: {}, packet: {} }, /^TypeError: events must be a packet, .* not an object with status, packet$/],
    [[{ t: 0, x: 0, y: 0, on: 1 }], /^TypeError: events must be a packet, .* not an array$/],
    [new Uint8Array(8), /^TypeError: events must be a packet, .* not an object \(Uint8Array\)$/],
    [{ polarityEvents: { ...good, t: [0] } }, /^TypeError: polarityEvents.t must be a Float64Array/],
    [{ polarityEvents: { ...good, on: new Uint8Array(2) } }, /^TypeError: polarityEvents.on must be as long as/],
    [{ polarityEvents: 5 }, /^TypeError: polarityEvents must be an object/],
  ];
  for (const [events, message] of wrong) assert.throws(() => accumulator.add(events as AccumulatedEvents), message);
  structuredClone(good.x, { transfer: [good.x.buffer] });
  assert.throws(
    () => accumulator.add({ polarityEvents: good }),
    /^TypeError: polarityEvents.x must (not be detached|be as long)/,
  );
  assert.ok(accumulator.values().every((value) => value === 0));
});

test("colours are mixed between those of a map, and each name is one", async () => {
  using accumulator = await createAccumulator({ kind: "count", width: 3, height: 1, fullCount: 2 });
  accumulator.add({
    polarityEvents: {
      t: new Float64Array(2),
      x: new Uint16Array([0, 1]),
      y: new Uint16Array(2),
      on: new Uint8Array([1, 0]),
    },
  });
  const colorMap: ColorMap = { off: [[0, 0, 0], [0, 0, 255, 0]], on: [[10, 20, 30], [110, 20, 30, 55]] };
  // A half is level 128 of 255.
  assert.deepEqual([...accumulator.image({ colorMap })], [60, 20, 30, 155, 0, 0, 128, 127, 10, 20, 30, 255]);
  const full = { off: [[1, 2, 3]], on: [[4, 5, 6]] } as const;
  assert.deepEqual([...accumulator.image({ colorMap: full })], [4, 5, 6, 255, 1, 2, 3, 255, 4, 5, 6, 255]);
  const pictures = new Set<string>();
  for (const name of ["orange-blue", "dark", "light", "cool-warm", "gray", "heat"] as const) {
    pictures.add(accumulator.image({ colorMap: name }).join());
  }
  assert.equal(pictures.size, 6);
});

test("pictures and values are drawn into the same memory again", async () => {
  using accumulator = await createAccumulator({ kind: "voxel", ...size, bins: 2 });
  const [image, values] = [accumulator.image(), accumulator.values()];
  assert.equal(image.length, 4 * 12);
  assert.equal(values.length, 2 * 12);
  assert.equal(accumulator.image(), image);
  assert.equal(accumulator.values(), values);
});

test("an accumulator that is closed does nothing any more, and can be closed again", async () => {
  const accumulator = await createAccumulator({ kind: "decay", ...size });
  const image = accumulator.image();
  assert.match(
    inspect(accumulator),
    /^Accumulator \{ kind: "decay", width: 4, height: 3, currentTime: undefined, closed: false \}$/,
  );
  accumulator.close();
  accumulator[Symbol.dispose]();
  assert.equal(image.length, 48);
  const calls = [
    () => accumulator.add({}),
    () => accumulator.image(),
    () => accumulator.values(),
    () => accumulator.clear(),
    () => accumulator.reset(),
  ];
  for (const call of calls) assert.throws(call, { name: "NeuromorphicError", code: "closed" });
});

test("a process has 64 accumulators at most, and a closed one makes room", async () => {
  const all: Accumulator[] = [];
  try {
    await assert.rejects(async () => {
      for (;;) all.push(await createAccumulator({ kind: "count", width: 1, height: 1 }));
    }, { code: "unsupported" });
    assert.equal(all.length, 64);
    all.pop()!.close();
    all.push(await createAccumulator({ kind: "count", width: 1, height: 1 }));
  } finally {
    for (const accumulator of all) accumulator.close();
  }
});
