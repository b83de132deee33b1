/** `deno task layers`: who may import whom, as scripts/layers/table.ts says. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import process from "node:process";
import { checkLayers, type Sources } from "./layers/check.ts";
import { projectDirectory } from "./project.ts";

/** Reads the project's modules. */
export function projectSources(directory = projectDirectory): Sources {
  const sources = new Map<string, string>([["mod.ts", readFileSync(join(directory, "mod.ts"), "utf8")]]);
  for (const folder of ["src", "ffi", "scripts", "tests"]) {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      sources.set(relative(directory, path).split(sep).join("/"), readFileSync(path, "utf8"));
    }
  }
  return sources;
}

if (import.meta.main) {
  const sources = projectSources();
  const violations = checkLayers(sources);
  for (const violation of violations) console.error(violation);
  console.error(`layers: ${sources.size} modules, ${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
}
