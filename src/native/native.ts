/** The door to native code: everything above it sees typed functions and typed errors, and no runtime. */

import { abiVersion } from "../../ffi/abi.ts";
import { detectRuntime, loadAdapter } from "../../ffi/load.ts";
import { type FoundLibrary, nativeLibraryPlaces } from "../../ffi/locate.ts";
import type { Place } from "../../ffi/place.ts";
import type { Adapter, NativeLibrary, StreamWaiter } from "../../ffi/adapter.ts";
import { nativeSymbols } from "../../ffi/symbols.ts";
import { NeuromorphicError } from "../errors.ts";
import type { Library } from "./library.ts";
import "./native_library.ts";
import { explainMissingKoffi, howToInstall, openLibrary } from "./open_library.ts";
import { checkStatus } from "./status_error.ts";

export {
  blockIndex,
  blockLength,
  type BlockName,
  fileFailures,
  readerPriorities,
  recordingEnds,
  statuses,
} from "../../ffi/abi.ts";
export { isPermitted } from "../../ffi/permissions.ts";
export type { StreamWaiter } from "../../ffi/adapter.ts";

/** The native library, loaded and of the right version. */
export interface Native extends Library {
  /** The path that it was loaded from. */
  readonly path: string;
  /** The same place, with what is known of the other files there. */
  readonly place: Place;
  readonly symbols: NativeLibrary["symbols"];
  /** The runtime's foreign-function interface, for loading libusb. */
  readonly adapter: Adapter;
  /** Copies native memory, for example a list that libusb returned. The memory must be valid. */
  copyMemory(address: bigint, length: number): Uint8Array<ArrayBuffer>;
  /** Makes the waiter of a stream; a stream has one, and its maker closes it. */
  createWaiter(stream: number): StreamWaiter;
}

/** Text as C takes it. */
export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}

let loading: Promise<Native> | undefined;

/**
 * Loads the native library, once. After a failure the next call tries again.
 *
 * @throws {NeuromorphicError} "native-library" where it is missing, for another system or of another version,
 * "permission-denied" where it must not be loaded; the message lists the paths tried and says what to do.
 */
export function loadNative(): Promise<Native> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Native> {
  const adapter = await explainMissingKoffi(loadAdapter());
  const wanted = { library: "the native library", places: await nativeLibraryPlaces() } as const;
  return createNative(adapter, openLibrary(adapter, wanted, nativeSymbols));
}

/** Puts a loaded library behind the interface, if its version fits. */
export function createNative(adapter: Adapter, { library, place }: FoundLibrary<typeof nativeSymbols>): Native {
  const { path, symbols } = library;
  checkVersion(path, symbols.nd_abi_version());
  return {
    path,
    place,
    symbols,
    adapter,
    check: checkStatus,
    allocate: adapter.allocate,
    expectReuse: adapter.expectReuse,
    longestInput: 2 ** 30, // native calls take their number as u32
    copyMemory(address, length) {
      const bytes = new Uint8Array(length);
      checkStatus(symbols.nd_memory_copy(address, length, bytes), "copy native memory");
      return bytes;
    },
    createWaiter: (stream) => adapter.createWaiter(library, stream),
  };
}

function checkVersion(path: string, version: number): void {
  if (version === abiVersion) return;
  throw new NeuromorphicError(
    "native-library",
    `the native library ${path} has interface version ${version}, but ${abiVersion} is needed. ` +
      howToInstall(detectRuntime()),
    { operation: "load native library" },
  );
}
