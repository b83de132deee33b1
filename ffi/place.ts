/** A place where a library may be, and whether the file there is the one that was built. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { LoadFailure } from "./load_failure.ts";
import { isPermitted } from "./permissions.ts";

/** A file as it was built. */
export interface BuiltFile {
  /** Its length in bytes. */
  readonly size: number;
  /** Its SHA-256 in hexadecimal digits. */
  readonly sha256: string;
}

/** Where a library may be. */
export interface Place {
  readonly path: string;
  /** The files of the place's folder as they were built. Without them, any file is taken. */
  readonly files?: Readonly<Record<string, BuiltFile>>;
  /** Why there is nothing to load, where that is known without looking. */
  readonly obstacle?: LoadFailure;
}

/**
 * Compares a file with what was built, before it is loaded. A file that must not be read (Deno without `--allow-read`)
 * or cannot be read is left to the loader, which has the better words for what is missing.
 *
 * @throws {LoadFailure} "altered" where size or hash differ.
 */
export function checkFile({ path, files }: Place): void {
  const built = files?.[basename(path)];
  if (built === undefined || !isPermitted({ name: "read", path })) return;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return;
  }
  if (bytes.length !== built.size) {
    throw new LoadFailure(path, "altered", `it has ${bytes.length} bytes, and was built with ${built.size}`);
  }
  if (sha256(bytes) !== built.sha256) {
    throw new LoadFailure(path, "altered", "its SHA-256 is not the one that it was built with");
  }
}

function sha256(bytes: Uint8Array): string {
  // Not imported: a program that opens nothing would wait for it (10 ms under Node). A module of the runtime's own is
  // the same wherever it is asked for, and this code's own place may be on a server.
  const { createHash } = createRequire("/")("node:crypto") as typeof import("node:crypto");
  return createHash("sha256").update(bytes).digest("hex");
}
