import { existsSync } from "node:fs";
import { isPermitted } from "./permissions.ts";

/** Why a library could not be loaded. */
export type LoadFailureReason =
  /** There is no such file. */
  | "missing"
  /** The file is for another processor or system, or is no library at all, or needs a library that is missing. */
  | "architecture"
  /** The runtime's sandbox or the file system refuses access. */
  | "permission"
  /** The library lacks a function, or its package has another version. */
  | "symbol"
  /** The file is not the one that was built. */
  | "altered"
  | "other";

/** A library could not be loaded. The message is the loader's own. */
export class LoadFailure extends Error {
  readonly path: string;
  readonly reason: LoadFailureReason;

  constructor(path: string, reason: LoadFailureReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "LoadFailure";
    this.path = path;
    this.reason = reason;
  }
}

/**
 * What loaders and runtimes say, by what it means. Loaders have no error codes: dlopen gives text only, so the texts of
 * glibc, musl, dyld and Windows stand here. The first match counts.
 */
const phrases: readonly (readonly [RegExp, LoadFailureReason])[] = [
  // Deno, Bun, koffi about functions; glibc and dyld about functions that the library itself imports.
  [
    /undefined symbol|symbol not found|symbol "[^"]*" not found|could not obtain symbol|cannot find function/i,
    "symbol",
  ],
  // glibc; musl; dyld; Windows (ERROR_BAD_EXE_FORMAT)
  [
    /wrong elf class|invalid elf header|file too short|cannot open shared object file: exec format error/i,
    "architecture",
  ],
  [/elf file's (phentsize|machine|version|os abi)|elf load command|elf file data encoding/i, "architecture"],
  [
    /exec format error|not a valid elf|incompatible|wrong architecture|not a mach-o file|slice is not valid/i,
    "architecture",
  ],
  [/not a valid win32 application|error 193\b/i, "architecture"],
  [/permission denied|access is denied|requires ffi access|notcapable/i, "permission"],
  // dlopen; dyld; Windows (ERROR_MOD_NOT_FOUND)
  [/no such file|image not found|module could not be found|error 126\b/i, "missing"],
];

/** Finds out what a runtime's own error about loading a library means. */
export function explainLoadFailure(path: string, error: unknown): LoadFailure {
  const message = error instanceof Error ? error.message : String(error);
  const reason = phrases.find(([phrase]) => phrase.test(message))?.[1] ?? "other";
  // glibc says of a library for another processor that there is no such file.
  const reallyMissing = reason !== "missing" || !isThere(path);
  return new LoadFailure(path, reallyMissing ? reason : "architecture", message, error);
}

/** Whether the file exists; false where that must not be known. */
function isThere(path: string): boolean {
  return isPermitted({ name: "read", path }) && existsSync(path);
}

/** None of a library's places had one that could be loaded. */
export class LoadFailures extends Error {
  readonly failures: readonly LoadFailure[];

  constructor(failures: readonly LoadFailure[]) {
    super(failures.map(({ path, reason }) => `${path}: ${reason}`).join("; "));
    this.name = "LoadFailures";
    this.failures = failures;
  }
}
