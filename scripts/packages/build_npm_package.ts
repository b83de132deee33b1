/** Assembles the npm package. */

import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";
import { type Compiler, emitModules } from "./emit.ts";
import { writeFiles } from "./files.ts";
import { names, packageDirectories } from "./names.ts";
import { builtPlaces, entryPoints, otherFiles, packageJson } from "./npm_table.ts";
import { packageReadme } from "./readme.ts";

/** Builds the package in a folder, in place of what was there. Returns the folder. */
export async function buildNpmPackage(compiler: Compiler, folder: string = packageDirectories.npm): Promise<string> {
  const files = packageFiles(await emitModules(compiler));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, files);
  for (const path of commandFiles()) chmodSync(join(folder, path), 0o755);
  return folder;
}

/** All files of the package by their paths. */
function packageFiles(modules: ReadonlyMap<string, string>): Map<string, string> {
  const files = new Map([["package.json", `${JSON.stringify(packageJson(), undefined, 2)}\n`]]);
  const commands = new Set(commandFiles());
  for (const [path, module] of modules) {
    const place = `esm/${path}`;
    files.set(place, withNpmName(commands.has(place) ? asProgram(module) : module));
  }
  for (const path of otherFiles) files.set(path, readFileSync(join(projectDirectory, path), "utf8"));
  files.set("README.md", packageReadme(files.get("README.md")!, names.npm));
  return files;
}

/** A module whose documentation imports the npm package. */
export function withNpmName(module: string): string {
  return module.replaceAll(`from "${names.jsr}"`, `from "${names.npm}"`);
}

/** The modules that are commands. */
function commandFiles(): string[] {
  return entryPoints.filter(({ command }) => command !== undefined)
    .map(({ source }) => builtPlaces(source).default.slice("./".length));
}

/** A module that shells start with Node. */
function asProgram(module: string): string {
  return `#!/usr/bin/env node\n${module.replace(/^#!.*\n/, "")}`;
}
