/** Folders as data. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** What lies below a folder and is no folder: paths in it with `/` between names, sorted. */
export function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The text files below a folder by their paths, as {@link pathsBelow} has them. */
export function filesIn(folder: string): Map<string, string> {
  return new Map(pathsBelow(folder).map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

/** All files below a folder by their paths, as {@link pathsBelow} has them. */
export function bytesIn(folder: string): Map<string, Uint8Array> {
  return new Map(pathsBelow(folder).map((path) => [path, readFileSync(join(folder, path))]));
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
