/**
 * `deno task layers`: who may import whom, what nothing reaches, how long files and functions may be; see
 * scripts/layers/.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import process from "node:process";
import { checkLayers, type Sources } from "./layers/check.ts";
import { checkReach } from "./layers/reach.ts";
import { checkFunctions, checkSizes } from "./layers/sizes.ts";
import { checkZig } from "./layers/zig_check.ts";
import { projectDirectory } from "./project.ts";

/** Reads the project's sources, by their path from the project's folder with `/` between names. */
export function projectSources(directory = projectDirectory): Sources {
  const sources = new Map<string, string>([["mod.ts", readFileSync(join(directory, "mod.ts"), "utf8")]]);
  for (const folder of ["src", "ffi", "scripts", "tests", join("zig", "src")]) {
    for (const entry of readdirSync(join(directory, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.([cm]?[jt]sx?|zig)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      sources.set(relative(directory, path).split(sep).join("/"), readFileSync(path, "utf8"));
    }
  }
  return sources;
}

/** The files that the tasks of `deno.json` run or that it exports, by their path from the project's folder. */
export function taskFiles(directory = projectDirectory): string[] {
  const { exports, tasks } = JSON.parse(readFileSync(join(directory, "deno.json"), "utf8"));
  const run = Object.values<{ command: string }>(tasks).flatMap(({ command }) => /\S+\.ts\b/.exec(command) ?? []);
  return [...new Set([...run, ...Object.values<string>(exports).map((path) => path.replace("./", ""))])];
}

/** All violations: `path:line: what is wrong`. */
export function checkProject(sources: Sources, tasks: readonly string[] = taskFiles()): string[] {
  return [
    ...checkLayers(sources),
    ...checkReach(sources, tasks),
    ...checkZig(sources),
    ...checkSizes(sources),
    ...checkFunctions(sources),
  ];
}

if (import.meta.main) {
  const sources = projectSources();
  const violations = checkProject(sources);
  for (const violation of violations) console.error(violation);
  console.error(`layers: ${sources.size} files, ${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
}
