import { loadLibrary } from "../native/library.ts";
import type { Accumulator, AccumulatorOptions } from "./accumulator.ts";
import { checkAccumulatorOptions } from "./options.ts";

/**
 * Makes an accumulator: events to pictures. A process has at most 64 open at once. Each takes 4 bytes for each pixel, of
 * the kind `"count"` 2, and of `"voxel"` 2 for each bin.
 *
 * @throws {TypeError} for an option that is missing, of the wrong type, or unknown to the kind.
 * @throws {RangeError} for an unknown kind, and for values out of their range.
 * @throws {NeuromorphicError} "unsupported" where the process has 64 accumulators already, "io" where memory is short.
 * @throws {NeuromorphicError} "native-library" where the native library is missing or does not fit.
 *
 * @example
 * ```ts
 * import { createAccumulator } from "@neuromorphic/drivers";
 *
 * using accumulator = await createAccumulator({ kind: "decay", width: 3, height: 1, tauUs: 1000 });
 * accumulator.add({
 *   polarityEvents: {
 *     t: new Float64Array([5000, 6000]),
 *     x: new Uint16Array([0, 1]),
 *     y: new Uint16Array([0, 0]),
 *     on: new Uint8Array([1, 0]),
 *   },
 * });
 * console.log(accumulator.values()); // [0.37, -1, 0]
 * console.log(accumulator.values({ t: 7000 })); // [0.14, -0.37, 0]
 * console.log(accumulator.image()); // [94, 63, 18, 255, 60, 140, 255, 255, 0, 0, 0, 255]
 * ```
 *
 * @example From raw bytes, without packets in between
 * ```ts
 * import { createAccumulator, createDecoder, open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual", raw: true });
 * using decoder = await createDecoder(device.decoderOptions);
 * using accumulator = await createAccumulator({ kind: "count", width: 1280, height: 720 });
 * for await (const { packet } of device) {
 *   const { events, onEvents } = accumulator.addBytes(packet, decoder);
 *   if (events === 0) continue;
 *   console.log(`${events} events, ${Math.round(100 * onEvents / events)} % ON`);
 *   accumulator.image({ colorMap: "gray" });
 *   break;
 * }
 * ```
 */
export async function createAccumulator(options: AccumulatorOptions): Promise<Accumulator> {
  const checked = checkAccumulatorOptions(options);
  const { NativeAccumulator } = await import("./native_accumulator.ts");
  return new NativeAccumulator(await loadLibrary(), checked);
}
