/** The version: deno.json has it, and the files that name it as well follow. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";

/** The files that name the version, and where in them. The first is the one that counts. */
const places: readonly (readonly [path: string, pattern: RegExp])[] = [
  ["deno.json", /(?<=^ {2}"version": ")[^"]+/m],
  ["src/version.ts", /(?<=^export const version = ")[^"]+/m],
  ["zig/package/package.json", /(?<=^ {2}"version": ")[^"]+/m],
  ["zig/package/index.js", /(?<=^export const version = ")[^"]+/m],
  // The newest version stands first.
  ["CHANGELOG.md", /(?<=^## )\S+/m],
];

/** A file and the version that it names. */
export interface NamedVersion {
  readonly path: string;
  readonly version: string;
}

/** What each of the files says. */
export function readVersions(directory: string = projectDirectory): NamedVersion[] {
  return places.map(([path, pattern]) => {
    const version = pattern.exec(readFileSync(join(directory, path), "utf8"))?.[0];
    if (version === undefined) throw new Error(`${path} names no version (${pattern})`);
    return { path, version };
  });
}

/** The version that all files name. Throws where they do not agree. */
export function agreedVersion(directory: string = projectDirectory): string {
  const [first, ...others] = readVersions(directory);
  for (const { path, version } of others) {
    if (version !== first!.version) throw new Error(`${path} names version ${version}, deno.json ${first!.version}`);
  }
  return first!.version;
}

/** Writes a version into all files but CHANGELOG.md, whose heading and text a person writes. */
export function setVersion(version: string, directory: string = projectDirectory): void {
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(version)) throw new Error(`${version} is no version such as 0.2.0`);
  for (const [path, pattern] of places) {
    if (path === "CHANGELOG.md") continue;
    const file = join(directory, path);
    writeFileSync(file, readFileSync(file, "utf8").replace(pattern, version));
  }
}
