/** Loading libraries, with errors that say what to do. */

import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { detectRuntime } from "../../ffi/load.ts";
import { LoadFailure, type LoadFailureReason, LoadFailures } from "../../ffi/load_failure.ts";
import {
  libraryVariable,
  libusbPlaces,
  libusbVariable,
  nativeLibraryPlaces,
  openFirst,
  thisSystem,
  virtualLibraryPlace,
} from "../../ffi/locate.ts";
import { isPermitted } from "../../ffi/permissions.ts";
import type { Adapter, OpenLibrary } from "../../ffi/adapter.ts";
import type { SymbolTable } from "../../ffi/symbols.ts";
import { NeuromorphicError } from "../errors.ts";

/** What is loaded at run time. */
export type LibraryName = "the native library" | "the virtual camera's library" | "libusb" | "koffi";

/**
 * Loads the first of several places that can be loaded.
 *
 * @throws {NeuromorphicError} "native-library", or "permission-denied" where one place must not be loaded, with what was
 * wrong with each place.
 */
export function openLibrary<const Table extends SymbolTable>(
  adapter: Adapter,
  library: LibraryName,
  places: readonly string[],
  table: Table,
): OpenLibrary<Table> {
  try {
    return openFirst(adapter, places, table);
  } catch (error) {
    throw error instanceof LoadFailures ? libraryError(library, error.failures) : error;
  }
}

/** Makes the adapter of this runtime; a missing koffi is a missing library. */
export async function explainMissingKoffi(adapter: Promise<Adapter>): Promise<Adapter> {
  try {
    return await adapter;
  } catch (error) {
    throw error instanceof LoadFailure ? libraryError("koffi", [error]) : error;
  }
}

const reasons: Readonly<Record<LoadFailureReason, string>> = {
  missing: "missing",
  architecture: `not for this system (${thisSystem.platform} ${thisSystem.architecture}), or needs another library`,
  permission: "not permitted",
  symbol: "another version",
  other: "failed",
};

/** What the loader said about each place, as one error. */
function libraryError(library: LibraryName, failures: readonly LoadFailure[]): NeuromorphicError {
  const tried = failures.map((failure) => `\n  ${failure.path}: ${reasons[failure.reason]} (${tidy(failure)})`);
  const found = failures.length === 0 ? "there is no place to look for it" : `tried${tried.join("")}`;
  const message = `${library} could not be loaded; ${found}\n${advice(library, failures)}`;
  const code = isRefused(failures) ? "permission-denied" : "native-library";
  return new NeuromorphicError(code, message, { operation: `load ${library}`, cause: failures.at(-1) });
}

/** The loader's words without what the line has already said. */
function tidy({ path, message }: LoadFailure): string {
  return message
    .replace(/^((Could not open library|Failed to load shared library|Failed to register symbol [^:]*): )+/, "")
    .replace(/^Failed to open library "[^"]*": /, "")
    .replace(`${path}: `, "");
}

function advice(library: LibraryName, failures: readonly LoadFailure[]): string {
  if (!isRefused(failures) || detectRuntime() !== "deno") return remedy(library);
  const native = nativeLibraryPlaces();
  const places = failures.map(({ path }) => path);
  switch (library) {
    case "the native library": {
      const virtual = native.map((path) => virtualLibraryPlace(path));
      return `Run Deno with ${allowFfi([...native, ...existing(libusbPlaces())])}, ` +
        `for the virtual camera with ${allowFfi([...native, ...virtual])}. ${remedy(library)}`;
    }
    default:
      return `Run Deno with ${allowFfi([...native, ...existing(places)])}. ${remedy(library)}`;
  }
}

function isRefused(failures: readonly LoadFailure[]): boolean {
  return failures.some(({ reason }) => reason === "permission");
}

/** Deno's flag for libraries, to be pasted into a shell. It takes paths: a bare name would need it without any. */
function allowFfi(paths: readonly string[]): string {
  const flag = `--allow-ffi=${paths.filter((path) => isAbsolute(path)).join(",")}`;
  return /\s/.test(flag) ? `"${flag}"` : flag;
}

/** Those that exist, as far as Deno lets it be known; all where none is known to. */
function existing(paths: readonly string[]): readonly string[] {
  const there = paths.filter((path) => isPermitted({ name: "read", path }) && existsSync(path));
  return there.length > 0 ? there : paths;
}

function remedy(library: LibraryName): string {
  switch (library) {
    case "koffi":
      return "Node needs the package koffi: npm install koffi";
    case "libusb":
      return `${libusbPackage(thisSystem.platform)}, or set ${libusbVariable} to its path. ` +
        `The virtual camera works without it: { libusb: "virtual" }`;
    default:
      return `Build it with \`deno task setup\`, or set ${libraryVariable} to the path of the native library`;
  }
}

/** How to install libusb on a platform. */
export function libusbPackage(platform: string): string {
  switch (platform) {
    case "darwin":
      return "Install libusb: brew install libusb";
    case "win32":
      return "Put libusb-1.0.dll (https://libusb.info, or vcpkg install libusb) on PATH; " +
        "the camera itself needs the WinUSB driver (https://zadig.akeo.ie)";
    default:
      return "Install libusb: apt install libusb-1.0-0 (Debian, Ubuntu), dnf install libusb1 (Fedora)";
  }
}
