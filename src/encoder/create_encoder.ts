import { oneOf, options as optionsOf, wholeNumber } from "../checks.ts";
import { maximumDimension } from "../decoder/decoder.ts";
import { loadLibrary } from "../native/library.ts";
import type { EncodedFormat, Encoder, EncoderOptions } from "./encoder.ts";
import { encoderLimits } from "./limits.ts";

/**
 * Makes an encoder of events: for RAW files that every reader of Prophesee's formats opens, for a socket, or for tests of
 * other programs.
 *
 * @throws {TypeError} for an unknown option, one that is missing or of the wrong type.
 * @throws {RangeError} for an unknown format, and a width or height that is not a whole number from 1 to 2048.
 * @throws {NeuromorphicError} "native-library" where the native library is missing or does not fit.
 *
 * @example
 * ```ts
 * import { createEncoder } from "@neuromorphic/drivers";
 *
 * using encoder = await createEncoder({ format: "evt3", width: 1280, height: 720 });
 * const bytes = encoder.encode({
 *   polarityEvents: {
 *     t: new Float64Array([4103]),
 *     x: new Uint16Array([200]),
 *     y: new Uint16Array([100]),
 *     on: new Uint8Array([1]),
 *   },
 * });
 * console.log(new Uint16Array(bytes.buffer)); // TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON
 * ```
 *
 * @example What the camera sees, in another format
 * ```ts
 * import { createEncoder, open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * using encoder = await createEncoder({ format: "evt2", ...device.geometry });
 * for await (const { packet } of device) {
 *   const bytes = encoder.encode(packet);
 *   console.log(`${packet.polarityEvents?.t.length ?? 0} events in ${bytes.length} bytes`);
 *   if (bytes.length > 0) break;
 * }
 * ```
 */
export async function createEncoder(options: EncoderOptions): Promise<Encoder> {
  const checked = checkOptions(options);
  const { NativeEncoder } = await import("./native_encoder.ts");
  return new NativeEncoder(await loadLibrary(), checked);
}

const checkOptions = optionsOf<EncoderOptions>("createEncoder", {
  format: oneOf(Object.keys(encoderLimits) as EncodedFormat[]),
  width: wholeNumber(1, maximumDimension),
  height: wholeNumber(1, maximumDimension),
}, ["format", "width", "height"]);
