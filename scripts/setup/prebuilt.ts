/**
 * The native libraries as npm has them, for a clone whose Zig sources are those of the published version: then setup
 * needs no compiler. A release writes `prebuilt.json`; until the first one there is none.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import process from "node:process";
import { areBuilt, markBuilt, prebuiltLibraries, sourcesHash, zigDirectory } from "../build_native.ts";
import { names } from "../packages/names.ts";
import { say, step } from "../progress.ts";
import { projectDirectory, toolsDirectory } from "../project.ts";
import { fetchNpmPackage } from "./npm_package.ts";

/** What is pinned. */
export interface Prebuilt {
  /** The version of the package. */
  readonly version: string;
  /** The hash of the Zig sources that it was built from. */
  readonly sources: string;
  /** Of the package, as npm writes hashes. */
  readonly integrity: string;
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
  const { version, sources, integrity } = prebuilt;
  const folder = join(toolsFolder, `${names.native}-${version}`);
  try {
    if (!existsSync(folder)) {
      const npmPackage = { name: names.native, integrity };
      await step(`${names.native} ${version} from npm`, () => {
        return fetchNpmPackage(folder, npmPackage, version, environment);
      });
    }
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\nThe native libraries are compiled instead.`);
    return false;
  }
  const files = join(folder, "node_modules", names.native, `${process.platform}-${process.arch}`);
  if (!existsSync(files)) return false;
  copyLibraries(files, join(directory, "zig-out"));
  markBuilt(prebuiltLibraries, sources, directory);
  return true;
}

/** Puts files where `zig build` puts them: libraries into lib, but on Windows into bin; programs into bin. */
function copyLibraries(folder: string, output: string): void {
  for (const name of readdirSync(folder)) {
    const target = join(output, [".so", ".dylib"].includes(extname(name)) ? "lib" : "bin");
    mkdirSync(target, { recursive: true });
    cpSync(join(folder, name), join(target, name));
  }
}
