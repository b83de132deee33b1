/** Assembles the npm package. */

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "../project.ts";
import { bundleForPrograms } from "./bundle_npm.ts";
import { type Compiler, emitModules } from "./emit.ts";
import { writeFiles } from "./files.ts";
import { names, packageDirectories } from "./names.ts";
import { entryPoints, otherFiles, packageJson } from "./npm_table.ts";
import { packageReadme } from "./readme.ts";
import { reachedSources } from "./sources.ts";
import { webFiles } from "./web_files.ts";

/** Builds the package in a folder, in place of what was there. Returns the folder. */
export async function buildNpmPackage(compiler: Compiler, folder: string = packageDirectories.npm): Promise<string> {
  const modules = await emitModules(compiler);
  const files = packageFiles(new Map([...modules, ...await bundleForPrograms(modules)]));
  const others = await webFiles(reachedSources(entryPoints.map(({ source }) => source)));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, files);
  writeFiles(join(folder, "esm"), others);
  return folder;
}

/** All text files of the package by their paths. */
function packageFiles(modules: ReadonlyMap<string, string>): Map<string, string> {
  const files = new Map([["package.json", `${JSON.stringify(packageJson(), undefined, 2)}\n`]]);
  for (const [path, module] of modules) files.set(`esm/${path}`, withNpmName(module));
  for (const path of otherFiles) files.set(path, readFileSync(join(projectDirectory, path), "utf8"));
  files.set("README.md", packageReadme(files.get("README.md")!, names.npm));
  return files;
}

/** A module whose documentation imports the npm package. */
export function withNpmName(module: string): string {
  return module.replaceAll(`from "${names.jsr}"`, `from "${names.npm}"`);
}
