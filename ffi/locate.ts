/** Where the native library and libusb may be, and loading the first that fits. */

import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LoadFailure, LoadFailures } from "./load_failure.ts";
import type { Adapter, OpenLibrary } from "./adapter.ts";
import { isPermitted } from "./permissions.ts";
import type { SymbolTable } from "./symbols.ts";

/** The part of a system that places depend on. */
export interface System {
  /** As in `process.platform`. */
  readonly platform: string;
  /** As in `process.arch`. */
  readonly architecture: string;
}

/** This system. */
export const thisSystem: System = { platform: process.platform, architecture: process.arch };

/** Environment variables that choose a library by its path. Nothing else is tried then. */
export const libraryVariable = "NEUROMORPHIC_DRIVERS_LIBRARY";
export const libusbVariable = "NEUROMORPHIC_DRIVERS_LIBUSB";

/**
 * Loads the first library that can be loaded.
 *
 * @throws {LoadFailures} with the reason for each place.
 */
export function openFirst<const Table extends SymbolTable>(
  adapter: Adapter,
  paths: readonly string[],
  table: Table,
): OpenLibrary<Table> {
  const failures: LoadFailure[] = [];
  for (const path of paths) {
    try {
      return adapter.openLibrary(path, table);
    } catch (error) {
      if (!(error instanceof LoadFailure)) throw error;
      failures.push(error);
    }
  }
  throw new LoadFailures(failures);
}

/** Places of the native library, the best first. */
export function nativeLibraryPlaces(system: System = thisSystem): string[] {
  const chosen = readVariable(libraryVariable);
  if (chosen !== undefined) return [chosen];
  const folder = buildFolder(system);
  // Packages for each platform come here when they exist: `import.meta.resolve` gives their place.
  return folder === undefined ? [] : [join(folder, libraryFileName("neuromorphic_drivers", system))];
}

/** The virtual camera's library is built and shipped beside the native library. */
export function virtualLibraryPlace(nativeLibraryPath: string, system: System = thisSystem): string {
  return join(dirname(nativeLibraryPath), libraryFileName("neuromorphic_virtual_camera", system));
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

/** Where `zig build` puts libraries; undefined where this code was loaded from the network. */
function buildFolder({ platform }: System): string | undefined {
  const url = new URL(`../zig/zig-out/${platform === "win32" ? "bin" : "lib"}`, import.meta.url);
  return url.protocol === "file:" ? fileURLToPath(url) : undefined;
}

/** An environment variable; undefined where it is unset or empty, or must not be read. */
export function readVariable(name: string): string | undefined {
  return isPermitted({ name: "env", variable: name }) ? process.env[name] || undefined : undefined;
}
