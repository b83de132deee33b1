/**
 * Stages what JSR gets: the sources that `publish.include` of deno.json lists, WebAssembly, the page of `view`, and a deno.json with which the package of
 * the native libraries comes from npm. In the clone that name is mapped to the template of the package.
 */

import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ProjectConfiguration, readConfiguration } from "../configuration.ts";
import { projectDirectory } from "../project.ts";
import { writeFiles } from "./files.ts";
import { names, packageDirectories } from "./names.ts";
import { packageReadme } from "./readme.ts";
import { reachedSources } from "./sources.ts";
import { webFiles } from "./web_files.ts";

/** The files that are published, as paths from the project's folder, sorted. */
export function publishedFiles({ publish }: ProjectConfiguration = readConfiguration()): string[] {
  return publish.include.flatMap((pattern) => {
    const files = globSync(pattern, { cwd: projectDirectory });
    if (files.length === 0) throw new Error(`deno.json: publish.include: nothing is named ${pattern}`);
    return files;
  }).filter((path) => !publish.exclude.some((folder) => path.startsWith(folder))).sort();
}

/** Writes the package's folder anew, and returns it. */
export async function stageJsrPackage(directory: string = packageDirectories.jsr): Promise<string> {
  const configuration = readConfiguration();
  rmSync(directory, { recursive: true, force: true });
  for (const path of publishedFiles(configuration)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    cpSync(join(projectDirectory, path), join(directory, path));
  }
  writeFiles(directory, await webFiles(reachedSources(Object.values(configuration.exports).map(withoutDot))));
  const readme = join(directory, "README.md");
  writeFileSync(readme, packageReadme(readFileSync(readme, "utf8"), names.jsr));
  writeFileSync(join(directory, "deno.json"), `${JSON.stringify(jsrConfiguration(configuration), null, 2)}\n`);
  return directory;
}

function withoutDot(path: string): string {
  return path.replace(/^\.\//, "");
}

function jsrConfiguration(
  { name, version, license, exports, compilerOptions }: ProjectConfiguration,
): Record<string, unknown> {
  const native = `npm:${names.native}@${version}`;
  return { name, version, license, exports, imports: { [names.native]: native }, compilerOptions };
}
