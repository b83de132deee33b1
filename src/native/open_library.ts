/** Loading libraries, with errors that say what to do. */

import { existsSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { detectRuntime } from "../../ffi/load.ts";
import { LoadFailure, type LoadFailureReason, LoadFailures } from "../../ffi/load_failure.ts";
import {
  type FoundLibrary,
  isClone,
  libraryVariable,
  libusbPlaces,
  libusbVariable,
  openFirst,
  thisSystem,
  virtualLibraryPlace,
} from "../../ffi/locate.ts";
import { nativePackage } from "../../ffi/native_package.ts";
import type { Place } from "../../ffi/place.ts";
import { isPermitted } from "../../ffi/permissions.ts";
import type { Adapter, Runtime } from "../../ffi/adapter.ts";
import type { SymbolTable } from "../../ffi/symbols.ts";
import { NeuromorphicError } from "../errors.ts";
import { version } from "../version.ts";

/** What is loaded at run time. */
export type LibraryName = "the native library" | "the virtual camera's library" | "libusb" | "koffi";

/** What to load, and from where. */
export interface LibraryPlaces {
  readonly library: LibraryName;
  readonly places: readonly Place[];
  /** The path of the native library where it is loaded already: Deno's flag has to name it, too. */
  readonly nativePath?: string;
}

/**
 * Loads the first of several places that can be loaded.
 *
 * @throws {NeuromorphicError} "native-library", or "permission-denied" where one place must not be loaded, with what was
 * wrong with each place.
 */
export function openLibrary<const Table extends SymbolTable>(
  adapter: Adapter,
  wanted: LibraryPlaces,
  table: Table,
): FoundLibrary<Table> {
  try {
    return openFirst(adapter, wanted.places, table);
  } catch (error) {
    throw error instanceof LoadFailures ? libraryError(wanted, error.failures) : error;
  }
}

/** Makes the adapter of this runtime; a missing koffi is a missing library. */
export async function explainMissingKoffi(adapter: Promise<Adapter>): Promise<Adapter> {
  try {
    return await adapter;
  } catch (error) {
    throw error instanceof LoadFailure ? libraryError({ library: "koffi", places: [] }, [error]) : error;
  }
}

const reasons: Readonly<Record<LoadFailureReason, string>> = {
  missing: "missing",
  architecture: `not for this system (${thisSystem.platform} ${thisSystem.architecture}), or needs another library`,
  permission: "not permitted",
  symbol: "another version",
  altered: "altered",
  other: "failed",
};

/** What the loader said about each place, as one error. */
function libraryError(wanted: LibraryPlaces, failures: readonly LoadFailure[]): NeuromorphicError {
  const { library } = wanted;
  const tried = failures.map((failure) => `\n  ${failure.path}: ${reasons[failure.reason]} (${tidy(failure)})`);
  const found = failures.length === 0 ? "there is no place to look for it" : `tried${tried.join("")}`;
  const message = `${library} could not be loaded; ${found}\n${advice(wanted, failures)}`;
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

function advice({ library, nativePath }: LibraryPlaces, failures: readonly LoadFailure[]): string {
  if (!isRefused(failures) || detectRuntime() !== "deno") return remedy(library, failures);
  const refused = failures.filter(({ reason }) => reason === "permission").map(({ path }) => path);
  if (library !== "the native library") {
    return `Run Deno with ${allowFfi([...nativePath === undefined ? [] : [nativePath], ...existing(refused)])}. ` +
      remedy(library, failures);
  }
  const [native] = existing(refused);
  const { path: virtual } = virtualLibraryPlace({ path: native! });
  return `Run Deno with ${allowFfi([native!, ...existing(libusbPlaces())])}, ` +
    `for the virtual camera with ${allowFfi([native!, virtual])}. ${remedy(library, failures)}`;
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

function remedy(library: LibraryName, failures: readonly LoadFailure[]): string {
  switch (library) {
    case "koffi":
      return "Node needs the package koffi with its binary, an optional dependency: npm install --include=optional koffi";
    case "libusb":
      return `${libusbPackage(thisSystem.platform)}, or set ${libusbVariable} to its path. ` +
        `The virtual camera works without it: { libusb: "virtual" }`;
    default:
      return `${howToGet(failures)}, or set ${libraryVariable} to the path of the native library`;
  }
}

/** How to get a file of the native libraries that is missing, does not fit or was altered. */
export function howToGet(failures: readonly LoadFailure[]): string {
  const altered = failures.find(({ reason }) => reason === "altered");
  return altered === undefined || isClone ? howToInstall(detectRuntime()) : howToReplace(detectRuntime(), altered.path);
}

/** How to get the native libraries of this version: what is typed in a clone, or into a project that uses the package. */
export function howToInstall(runtime: Runtime, inClone: boolean = isClone): string {
  if (inClone) return "Build it with `deno task setup`";
  const wanted = `${nativePackage}@${version}`;
  switch (runtime) {
    case "deno":
      return `Get it again: deno cache --reload npm:${wanted}`;
    case "bun":
      return `Install it again: bun add ${wanted}`;
    case "node":
      return `Install it again: npm install ${wanted}`;
  }
}

/**
 * How to get the library at a path again, where it is not the one that was built. To install the same version again
 * does nothing then: npm sees that it is there, and Bun's cache has the same file.
 */
export function howToReplace(runtime: Runtime, path: string): string {
  switch (runtime) {
    case "deno":
      return howToInstall("deno", false);
    case "bun":
      return "Install it again: bun pm cache rm && bun install --force";
    case "node":
      return `Remove the folder ${dirname(dirname(path))} and install it again: npm install`;
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
