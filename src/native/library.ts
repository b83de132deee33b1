/**
 * What decodes and encodes: the native library, or the same Zig code as WebAssembly. The decoder, the encoder and
 * recordings ask for it here, so that they are the same code in a web page. Nothing here names a runtime or a file.
 */

import type { NativeFunctions } from "../../ffi/adapter.ts";
import type { nativeSymbols } from "../../ffi/symbols.ts";
import { NeuromorphicError } from "../errors.ts";
import type { Staging } from "../packets/packet_memory.ts";

export {
  accumulatorKinds,
  blockIndex,
  blockLength,
  type BlockName,
  encoderFaults,
  endReasons,
  formats,
  statuses,
} from "../../ffi/abi.ts";

/** Functions that need no thread, no file and no USB: those that WebAssembly has, too. */
export type PortableSymbol = Extract<
  keyof typeof nativeSymbols,
  `nd_${"abi" | "accumulator" | "decoder" | "encoder"}_${string}`
>;

/** What decodes and encodes. */
export interface Library {
  readonly symbols: Pick<NativeFunctions<typeof nativeSymbols>, PortableSymbol>;
  /** Returns a status of zero and above; throws a {@link NeuromorphicError} for one below. Needs no `this`. */
  readonly check: (status: number, operation: string, device?: string) => number;
  /** Makes a buffer for a packet, with any content, which nothing else has a part in. Needs no `this`. */
  readonly allocate: (byteLength: number) => ArrayBuffer;
  /** From now on buffers are detached and used again many times. */
  expectReuse(): void;
  /** Memory to decode into, where the library cannot write into JavaScript's buffers. Needs no `this`. */
  readonly stage?: (byteLength: number) => Staging;
  /** Packets may be views of that memory, as only one decoder uses the library. */
  readonly lends?: boolean;
  /** Makes the same library for one decoder, which {@link lends}; undefined where there is no room. Needs no `this`. */
  readonly separate?: () => Library | undefined;
  /** The most bytes that one call is to be given. */
  readonly longestInput: number;
}

let provided: (() => Promise<Library>) | undefined;

/**
 * Says where the library comes from. `src/native/native_library.ts` does when it is evaluated, and a program that wants
 * WebAssembly; of several the last one stays.
 *
 * @param load Is called each time that the library is needed: it loads once.
 */
export function provideLibrary(load: () => Promise<Library>): void {
  provided = load;
}

/** The same, where nothing has said it before: a page has no other library than WebAssembly. */
export function provideLibraryByDefault(load: () => Promise<Library>): void {
  provided ??= load;
}

/**
 * Loads the library that was provided.
 *
 * @throws {NeuromorphicError} "native-library" where it is missing or does not fit.
 */
export async function loadLibrary(): Promise<Library> {
  if (provided !== undefined) return await provided();
  throw new NeuromorphicError("native-library", "no library was provided: import the package by its entry module", {
    operation: "load library",
  });
}
