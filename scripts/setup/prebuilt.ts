/**
 * The native libraries and the WebAssembly as npm has them, for a clone whose Zig sources are those of the published
 * version: then setup needs no compiler. A release writes `prebuilt.json`; until the first one there is none.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import process from "node:process";
import { areBuilt, markBuilt, prebuiltLibraries, sourcesHash, zigDirectory } from "../build_native.ts";
import { pathsBelow } from "../packages/files.ts";
import { names } from "../packages/names.ts";
import { say, step } from "../progress.ts";
import { projectDirectory, toolsDirectory } from "../project.ts";
import { fetchNpmPackage, type NpmPackage } from "./npm_package.ts";

/** What is pinned. */
export interface Prebuilt {
  /** The version of both packages. */
  readonly version: string;
  /** The hash of the Zig sources that they were built from. */
  readonly sources: string;
  /** Of the package of the native libraries, as npm writes hashes. */
  readonly integrity: string;
  /** The same of the library's own package, which has the WebAssembly. */
  readonly wasmIntegrity: string;
}

/** Where things are, and for tests the environment of npm. */
export interface PrebuiltOptions {
  readonly directory?: string;
  readonly toolsFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The file with what is pinned. */
export const prebuiltFile: string = join(projectDirectory, "scripts", "setup", "prebuilt.json");

/** What is pinned; undefined before the first release. */
export function readPrebuilt(path: string = prebuiltFile): Prebuilt | undefined {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** Whether the published libraries are there, and still those of the sources. */
export function isPrebuiltThere({ directory = zigDirectory }: PrebuiltOptions = {}): boolean {
  return areBuilt(prebuiltLibraries, directory);
}

/**
 * Gets the published libraries into zig-out. Returns false where they are of other sources or for other systems, or
 * cannot be had: then they have to be compiled.
 */
export async function getPrebuilt(
  prebuilt: Prebuilt | undefined = readPrebuilt(),
  { directory = zigDirectory, toolsFolder = toolsDirectory, environment = {} }: PrebuiltOptions = {},
): Promise<boolean> {
  if (prebuilt === undefined || prebuilt.sources !== sourcesHash(directory)) return false;
  const { version, sources, integrity, wasmIntegrity } = prebuilt;
  const fetched = async (npmPackage: NpmPackage): Promise<string> => {
    const folder = join(toolsFolder, `${npmPackage.name}-${version}`);
    if (!existsSync(folder)) {
      const title = `${npmPackage.name} ${version} from npm`;
      await step(title, () => fetchNpmPackage(folder, npmPackage, version, environment));
    }
    return join(folder, "node_modules", npmPackage.name);
  };
  try {
    const native = await fetched({ name: names.native, integrity });
    const libraries = join(native, `${process.platform}-${process.arch}`);
    if (!existsSync(libraries)) return false;
    const wasm = wasmIn(await fetched({ name: names.npm, integrity: wasmIntegrity }));
    const output = join(directory, "zig-out");
    copyLibraries(libraries, output);
    for (const path of wasm) copyInto(join(output, "wasm"), path);
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\nThe native libraries are compiled instead.`);
    return false;
  }
  markBuilt(prebuiltLibraries, sources, directory);
  return true;
}

/** The WebAssembly of the library's package, which lies beside the modules that load it. */
function wasmIn(folder: string): string[] {
  const paths = pathsBelow(folder).filter((path) => path.endsWith(".wasm")).map((path) => join(folder, path));
  if (paths.length === 0) throw new Error(`${folder} has no WebAssembly`);
  return paths;
}

/** Puts files where `zig build` puts them: libraries into lib, but on Windows into bin; programs into bin. */
function copyLibraries(folder: string, output: string): void {
  for (const name of readdirSync(folder)) {
    copyInto(join(output, [".so", ".dylib"].includes(extname(name)) ? "lib" : "bin"), join(folder, name));
  }
}

function copyInto(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(path, join(folder, basename(path)));
}
