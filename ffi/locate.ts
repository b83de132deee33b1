/** Where the native library and libusb may be, and loading the first that fits. */

import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LoadFailure, LoadFailures } from "./load_failure.ts";
import type { Adapter, OpenLibrary } from "./adapter.ts";
import { packagedPlaces, type System } from "./native_package.ts";
import { isPermitted } from "./permissions.ts";
import { checkFile, type Place } from "./place.ts";
import type { SymbolTable } from "./symbols.ts";

/** This system. */
export const thisSystem: System = { platform: process.platform, architecture: process.arch };

/** Environment variables that choose a library by its path. Nothing else is tried then. */
export const libraryVariable = "NEUROMORPHIC_DRIVERS_LIBRARY";
export const libusbVariable = "NEUROMORPHIC_DRIVERS_LIBUSB";

/** A library, and the place that it was loaded from. */
export interface FoundLibrary<Table extends SymbolTable> {
  readonly library: OpenLibrary<Table>;
  readonly place: Place;
}

/**
 * Loads the first library that can be loaded.
 *
 * @throws {LoadFailures} with the reason for each place.
 */
export function openFirst<const Table extends SymbolTable>(
  adapter: Adapter,
  places: readonly Place[],
  table: Table,
): FoundLibrary<Table> {
  return useFirst(places, (place) => ({ library: adapter.openLibrary(place.path, table), place }));
}

/**
 * Uses the first place that has no obstacle, whose file is the one that was built, and of which `use` throws no
 * {@link LoadFailure}.
 *
 * @throws {LoadFailures} with the reason for each place.
 */
export function useFirst<Used>(places: readonly Place[], use: (place: Place) => Used): Used {
  const failures: LoadFailure[] = [];
  for (const place of places) {
    try {
      if (place.obstacle !== undefined) throw place.obstacle;
      checkFile(place);
      return use(place);
    } catch (error) {
      if (!(error instanceof LoadFailure)) throw error;
      failures.push(error);
    }
  }
  throw new LoadFailures(failures);
}

/** Places of the native library, the best first: in a clone where it is built, else in the package of the libraries. */
export async function nativeLibraryPlaces(system: System = thisSystem): Promise<Place[]> {
  const chosen = readVariable(libraryVariable);
  if (chosen !== undefined) return [{ path: chosen }];
  const built = builtLibraryPath("neuromorphic_drivers", system);
  return built !== undefined
    ? [{ path: built }]
    : await packagedPlaces(libraryFileName("neuromorphic_drivers", system), system);
}

/** The virtual camera's library is built and shipped beside the native library. */
export function virtualLibraryPlace({ path, files }: Place, system: System = thisSystem): Place {
  const place = { path: join(dirname(path), libraryFileName("neuromorphic_virtual_camera", system)) };
  return files === undefined ? place : { ...place, files };
}

/**
 * Places of libusb-1.0. Absolute ones come first, because Deno can permit them one by one; the bare name comes last and
 * leaves the search to the system's loader (LD_LIBRARY_PATH, NixOS; Deno with the unrestricted permission only).
 */
export function libusbPlaces(system: System = thisSystem): string[] {
  const chosen = readVariable(libusbVariable);
  return chosen === undefined ? libusbPlacesOf(system) : [chosen];
}

function libusbPlacesOf({ platform, architecture }: System): string[] {
  switch (platform) {
    case "win32":
      return ["C:\\Windows\\System32\\libusb-1.0.dll", "libusb-1.0.dll"];
    case "darwin": {
      const homebrew = architecture === "arm64" ? ["/opt/homebrew", "/usr/local"] : ["/usr/local", "/opt/homebrew"];
      const prefixes = [...homebrew, "/opt/local"]; // MacPorts
      return [...prefixes.map((prefix) => `${prefix}/lib/libusb-1.0.0.dylib`), "libusb-1.0.0.dylib"];
    }
    default: {
      const triplet = debianTriplets[architecture];
      const debian = triplet === undefined ? [] : [`/usr/lib/${triplet}`, `/lib/${triplet}`];
      const folders = [...debian, "/usr/lib64", "/usr/lib", "/usr/local/lib"];
      return [...folders.map((folder) => `${folder}/libusb-1.0.so.0`), "libusb-1.0.so.0"];
    }
  }
}

/** Debian's names of its multiarch folders, by `process.arch`. */
const debianTriplets: Readonly<Record<string, string>> = {
  x64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
};

/** The file name of a library on a system. */
export function libraryFileName(name: string, { platform }: System = thisSystem): string {
  switch (platform) {
    case "win32":
      return `${name}.dll`;
    case "darwin":
      return `lib${name}.dylib`;
    default:
      return `lib${name}.so`;
  }
}

/** Whether this code runs from a clone of the repository, where libraries are built and not installed. */
export const isClone: boolean = /^file:.*\/ffi\/locate\.ts$/.test(import.meta.url) &&
  !/\/(node_modules|vendor\/jsr\.io)\//.test(import.meta.url);

/** Where `zig build` puts a library; undefined outside a clone. */
export function builtLibraryPath(name: string, system: System = thisSystem): string | undefined {
  if (!isClone) return undefined;
  const folder = new URL(`../zig/zig-out/${system.platform === "win32" ? "bin" : "lib"}`, import.meta.url);
  return join(fileURLToPath(folder), libraryFileName(name, system));
}

/** An environment variable; undefined where it is unset or empty, or must not be read. */
export function readVariable(name: string): string | undefined {
  return isPermitted({ name: "env", variable: name }) ? process.env[name] || undefined : undefined;
}
