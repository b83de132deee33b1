/** What Linux tells in files, as far as it may be read. */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isPermitted } from "../../native/native.ts";

/** A reader of files. What is missing, or must not be read, is undefined. Tests make their own. */
export interface SystemFiles {
  /** The text of a file, without the newline at its end. */
  read(path: string): string | undefined;
  /** The names in a folder. */
  list(path: string): readonly string[] | undefined;
  /** What a symbolic link says. */
  target(path: string): string | undefined;
}

/** The files of this system. */
export const realFiles: SystemFiles = {
  read: (path) => attempt(path, () => readFileSync(path, "utf8").trimEnd()),
  list: (path) => attempt(path, () => readdirSync(path)),
  target: (path) => attempt(path, () => readlinkSync(path)),
};

/** Deno would ask the user for a permission that it lacks. */
function attempt<Result>(path: string, read: () => Result): Result | undefined {
  if (!isPermitted({ name: "read", path })) return undefined;
  try {
    return read();
  } catch {
    return undefined;
  }
}
