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
export function openSystemLibusb(native: Native): LibusbLibrary {
  return openLibusb(native, libusbPlaces());
}

/**
 * Loads a libusb by its path, or by a bare file name that the system searches for.
 *
 * @throws {NeuromorphicError} "native-library".
 */
export function openLibusbAt(native: Native, path: string): LibusbLibrary {
  // Absolute, because the native library loads the same path later, when the working directory may be another.
  const place = isAbsolute(path) || !/[/\\]/.test(path) ? path : resolve(path);
  return openLibusb(native, [place]);
}

function openLibusb({ adapter, path: nativePath }: Native, paths: readonly string[]): LibusbLibrary {
  const places = paths.map((path) => ({ path }));
  return openLibrary(adapter, { library: "libusb", places, nativePath }, libusbSymbols).library;
}

const virtualLibraries = new Map<string, VirtualLibrary>();

/**
 * Loads the virtual camera's library, which stands in for libusb; once, as it is a resource of Deno each time.
 *
 * @throws {NeuromorphicError} "native-library".
 */
export function openVirtualLibrary({ adapter, path: nativePath, place: nativePlace }: Native): VirtualLibrary {
  const place = virtualLibraryPlace(nativePlace);
  const known = virtualLibraries.get(place.path);
  if (known !== undefined) return known;
  const wanted = { library: "the virtual camera's library", places: [place], nativePath } as const;
  const { library } = openLibrary(adapter, wanted, virtualSymbols);
  virtualLibraries.set(place.path, library);
  return library;
}
