import { boolean, oneOf, options as optionsOf, wholeNumber } from "../checks.ts";
import { loadLibrary } from "../native/library.ts";
import { type Decoder, type DecoderOptions, eventFormats, maximumDimension } from "./decoder.ts";

/**
 * Makes a decoder for bytes from anywhere: raw mode, files, sockets. A process has at most 256 open at once, its
 * Workers' and those of cameras that are not in raw mode included. Close each with `using` or {@link Decoder.close}:
 * forgotten ones count until the garbage collector finds them, which may be much later.
 *
 * @throws {TypeError} for an unknown option, one that is missing or of the wrong type.
 * @throws {RangeError} for an unknown format, and a width or height that is not a whole number from 1 to 2048.
 * @throws {NeuromorphicError} "unsupported" where `NEUROMORPHIC_DRIVERS_KERNEL` names a kernel that this CPU cannot run,
 * or the process has 256 decoders already.
 * @throws {NeuromorphicError} "native-library" where the native library is missing or does not fit.
 *
 * @example
 * ```ts
 * import { createDecoder } from "@neuromorphic/drivers";
 *
 * const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
 * // TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200 ON
 * const words = new Uint16Array([0x8001, 0x6007, 0x0064, 0x28c8]);
 * for (const { polarityEvents } of decoder.decode(new Uint8Array(words.buffer))) {
 *   console.log(polarityEvents); // t [4103], x [200], y [100], on [1]
 * }
 * decoder.close();
 * ```
 *
 * @example A RAW file: its events follow a header of lines that begin with "% "
 * ```ts
 * import { createDecoder } from "@neuromorphic/drivers";
 *
 * const header = "% format EVT3;height=720;width=1280\n% end\n";
 * const file = new Uint8Array([...new TextEncoder().encode(header), 0x01, 0x80, 0x07, 0x60, 0x64, 0x00, 0xc8, 0x28]);
 * using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
 * for (const { polarityEvents } of decoder.decode(file.subarray(header.length))) console.log(polarityEvents?.t); // [4103]
 * ```
 */
export async function createDecoder(options: DecoderOptions): Promise<Decoder> {
  const checked = checkOptions(options);
  const { NativeDecoder } = await import("./native_decoder.ts");
  return new NativeDecoder(await loadLibrary(), checked);
}

const checkOptions = optionsOf<DecoderOptions>("createDecoder", {
  format: oneOf(eventFormats),
  width: wholeNumber(1, maximumDimension),
  height: wholeNumber(1, maximumDimension),
  reuseBuffers: boolean,
}, ["format", "width", "height"]);
