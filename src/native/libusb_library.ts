import { isAbsolute, resolve } from "node:path";
import { libusbPlaces, virtualLibraryPlace } from "../../ffi/locate.ts";
import type { OpenLibrary } from "../../ffi/adapter.ts";
import { libusbSymbols, virtualSymbols } from "../../ffi/symbols.ts";
import { openLibrary } from "./open_library.ts";
import type { Native } from "./native.ts";

/** libusb-1.0, or a library that looks like it, loaded. */
export type LibusbLibrary = OpenLibrary<typeof libusbSymbols>;

/** The virtual camera's library, loaded. */
export type VirtualLibrary = OpenLibrary<typeof virtualSymbols>;

/**
 * Loads the system's libusb.
 *
 * @throws {NeuromorphicError} "native-library" with the paths tried and how to install it.
 */
export function openSystemLibusb({ adapter }: Native): LibusbLibrary {
  return openLibrary(adapter, "libusb", libusbPlaces(), libusbSymbols);
}

/**
 * Loads a libusb by its path, or by a bare file name that the system searches for.
 *
 * @throws {NeuromorphicError} "native-library".
 */
export function openLibusbAt({ adapter }: Native, path: string): LibusbLibrary {
  // Absolute, because the native library loads the same path later, when the working directory may be another.
  const place = isAbsolute(path) || !/[/\\]/.test(path) ? path : resolve(path);
  return openLibrary(adapter, "libusb", [place], libusbSymbols);
}

const virtualLibraries = new Map<string, VirtualLibrary>();

/**
 * Loads the virtual camera's library, which stands in for libusb; once, as it is a resource of Deno each time.
 *
 * @throws {NeuromorphicError} "native-library".
 */
export function openVirtualLibrary({ adapter, path }: Native): VirtualLibrary {
  const place = virtualLibraryPlace(path);
  const known = virtualLibraries.get(place);
  if (known !== undefined) return known;
  const library = openLibrary(adapter, "the virtual camera's library", [place], virtualSymbols);
  virtualLibraries.set(place, library);
  return library;
}
