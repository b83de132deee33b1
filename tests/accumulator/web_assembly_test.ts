/** Accumulators as WebAssembly, with vectors and without, draw the native library's pictures. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { EventFormat } from "../../mod.ts";
import { NativeAccumulator } from "../../src/accumulator/native_accumulator.ts";
import { checkAccumulatorOptions } from "../../src/accumulator/options.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import type { Library } from "../../src/native/library.ts";
import { loadNative } from "../../src/native/native.ts";
import { createLibrary } from "../../src/web/wasm/library.ts";
import { decodeAll } from "../decoder/decoded.ts";
import { randomStream } from "../decoder/random_streams.ts";
import { randomScene } from "../encoder/encoded.ts";
import { atRandom, cutRandomly } from "../support/random.ts";
import { slow, test } from "../support/test.ts";

const sensor = { width: 1280, height: 720 };
const kinds = [
  { kind: "decay", tauUs: 20_000 },
  { kind: "time-surface" },
  { kind: "count" },
  { kind: "voxel", bins: 3 },
] as const;
const formats: readonly EventFormat[] = ["evt3", "evt2", "evt21", "evt21-legacy", "evt4"];

async function libraries(): Promise<readonly Library[]> {
  const modules = ["neuromorphic_drivers", "neuromorphic_drivers_scalar"].map((name) => {
    const bytes = readFileSync(new URL(`../../zig/zig-out/wasm/${name}.wasm`, import.meta.url));
    return createLibrary(new WebAssembly.Module(bytes));
  });
  return [await loadNative(), ...await Promise.all(modules)];
}

/** Fails where not all are as the first. */
function assertSame(arrays: readonly (Uint8ClampedArray | Float32Array)[]): void {
  const [first, ...others] = arrays.map((array) => new Uint32Array(array.buffer));
  for (const other of others) assert.ok(first!.every((bits, index) => bits === other[index]));
}

/** Lets a program work in each library, and compares what it makes there, bit for bit. */
async function compare(
  options: (typeof kinds)[number],
  add: (accumulator: NativeAccumulator, library: Library) => unknown,
): Promise<void> {
  const all = (await libraries()).map((library) => {
    const accumulator = new NativeAccumulator(library, checkAccumulatorOptions({ ...options, ...sensor }));
    return { accumulator, told: add(accumulator, library) };
  });
  try {
    // Told as one sentence: to list the differences of all pixels takes minutes.
    for (const { told } of all) assert.ok(isDeepStrictEqual(told, all[0]!.told), "the results differ");
    const t = all[0]!.accumulator.currentTime! + 1234;
    assertSame(all.map(({ accumulator }) => accumulator.image({ t })));
    assertSame(all.map(({ accumulator }) => accumulator.values({ t })));
  } finally {
    for (const { accumulator } of all) accumulator.close();
  }
}

for (const options of kinds) {
  test(`${options.kind} as WebAssembly is that of the native library, from columns`, slow, async () => {
    await atRandom(async (random) => {
      const scene = randomScene(random, sensor.width, sensor.height);
      await compare(options, (accumulator) => accumulator.add(scene));
    });
  });

  test(`${options.kind} as WebAssembly is that of the native library, from bytes of each format`, slow, async () => {
    await atRandom(async (random) => {
      for (const format of formats) {
        const bytes = randomStream(format, random, 20_000, random.pick(["events", undefined]));
        const parts = [...cutRandomly(bytes, random, 20_000)];
        await compare(options, (accumulator, library) => {
          // Its packets are views of memory that accumulators do not have: from `addBytes` on it decodes in theirs.
          using decoder = new NativeDecoder(library, { format, ...sensor, reuseBuffers: true });
          const [first, ...rest] = parts;
          const before = decodeAll(decoder, [first!]);
          const added = rest.map((part) => accumulator.addBytes(part, decoder));
          return { before, added, behind: decodeAll(decoder, [first!]), statistics: decoder.statistics };
        });
      }
    });
  });
}

test("bytes for an accumulator need a decoder of its library", {}, async () => {
  const [native, web] = await libraries();
  using accumulator = new NativeAccumulator(web!, checkAccumulatorOptions({ kind: "decay", ...sensor }));
  using decoder = new NativeDecoder(native!, { format: "evt3", ...sensor });
  assert.throws(
    () => accumulator.addBytes(new Uint8Array(2), decoder),
    /^TypeError: the decoder must be of the same library/,
  );
});
