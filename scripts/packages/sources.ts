/** The sources of a package. */

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { readModule } from "../layers/imports.ts";
import { projectDirectory } from "../project.ts";

/** The entry points and what they import, by their path from the project's folder. */
export function reachedSources(entries: readonly string[], directory = projectDirectory): Map<string, string> {
  const sources = new Map<string, string>();
  const reached = new Set(entries);
  for (const path of reached) { // grows while it is walked
    const source = readFileSync(join(directory, path), "utf8");
    sources.set(path, source);
    for (const { specifier } of readModule(source).imports) {
      if (specifier?.startsWith(".")) reached.add(posix.join(posix.dirname(path), specifier));
    }
  }
  return sources;
}

/** A source whose relative imports name what is emitted, `./ring.js` for `./ring.ts`. */
export function withBuiltSpecifiers(source: string): string {
  return withSpecifiers(
    source,
    (specifier) => specifier.startsWith(".") ? specifier.replace(/\.ts$/, ".js") : specifier,
  );
}

/** A source that imports by other names. Computed imports stay as they are. */
export function withSpecifiers(source: string, rename: (specifier: string) => string): string {
  let output = "";
  let at = 0;
  const inOrder = readModule(source).imports.toSorted((left, right) => left.offset - right.offset);
  for (const { specifier, offset } of inOrder) {
    if (specifier === undefined) continue;
    output += source.slice(at, offset) + rename(specifier);
    at = offset + specifier.length;
  }
  return output + source.slice(at);
}
