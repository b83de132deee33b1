/**
 * Builds the native libraries with `zig build`, unless they already are what the sources say.
 *
 * Zig has a cache of its own, but asking it takes a Zig; the stamp here is read in milliseconds without one.
 */

import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "./commands.ts";
import { pathsBelow } from "./packages/files.ts";
import { step } from "./progress.ts";
import { projectDirectory, toolVersions } from "./project.ts";

/** Files in zig-out. */
export interface NativeOutputs {
  /** The folders of zig-out that hold them. */
  readonly folders: readonly string[];
  /** The file of zig-out that says what they were built from. */
  readonly stamp: string;
}

/** What a step of `zig build` makes. */
export interface NativeBuild extends NativeOutputs {
  readonly title: string;
  /** Parameters of `zig build`. */
  readonly parameters: readonly string[];
  /** Whether files that it does not make are removed from its folders. */
  readonly isAlone?: true;
}

/** The libraries of this system, which the clone uses, and the WebAssembly of web pages. */
const ownLibraries: NativeBuild = {
  title: "native libraries: zig build",
  parameters: [],
  folders: ["lib", "bin", "wasm"],
  stamp: "built.txt",
};

/** The libraries of all platforms, for the npm package. */
export const packagedLibraries: NativeBuild = {
  title: "native libraries of all platforms: zig build package",
  parameters: ["package"],
  folders: ["package"],
  stamp: "package_built.txt",
  isAlone: true,
};

/** The libraries of this system and the WebAssembly as npm has them, where the clone uses those. */
export const prebuiltLibraries: NativeOutputs = { folders: ["lib", "bin", "wasm"], stamp: "prebuilt.txt" };

/** What to build, and in which folder of Zig sources. */
export interface BuildOptions {
  readonly directory?: string;
  readonly build?: NativeBuild;
}

/** Builds libraries where they are missing or older than their sources. */
export async function buildNative(
  getZig: () => Promise<string>,
  { directory = zigDirectory, build = ownLibraries }: BuildOptions = {},
): Promise<void> {
  if (isNativeBuilt({ directory, build })) return;
  const zig = await getZig();
  // Taken before the build: sources that change meanwhile are built again next time.
  const sources = sourcesHash(directory);
  if (build.isAlone) {
    for (const folder of build.folders) rmSync(join(directory, "zig-out", folder), { recursive: true, force: true });
  }
  await step(
    build.title,
    () => runOrThrow(zig, ["build", ...build.parameters], { directory, environment: zigEnvironment }),
  );
  markBuilt(build, sources, directory);
}

/** Whether the libraries of `zig build` are those of the present sources. */
export function isNativeBuilt({ directory = zigDirectory, build = ownLibraries }: BuildOptions = {}): boolean {
  return areBuilt(build, directory);
}

/** Whether files in zig-out are those of the present sources. */
export function areBuilt(outputs: NativeOutputs, directory: string): boolean {
  try {
    return readFileSync(stampPath(directory, outputs), "utf8") === stamp(sourcesHash(directory), directory, outputs);
  } catch {
    return false;
  }
}

/** Writes down that the files in zig-out are those of sources with a hash. */
export function markBuilt(outputs: NativeOutputs, sources: string, directory: string): void {
  writeFileSync(stampPath(directory, outputs), stamp(sources, directory, outputs));
}

/** The folder of the Zig sources. */
export const zigDirectory: string = join(projectDirectory, "zig");

/** For every `zig build` of the project. */
export const zigEnvironment: Readonly<Record<string, string>> = {
  // On a new machine Zig 0.17 first compiles its own build system, optimised: that took 180 of 203 s on 2 cores.
  // With this variable it compiles it unoptimised, and the same first build took 31 s. The libraries are the same.
  ZIG_DEBUG_CMD: "1",
  // Zig colours its errors where a variable forces it to; in a message that is read later, the codes are noise.
  NO_COLOR: "1",
};

function stampPath(directory: string, outputs: NativeOutputs): string {
  return join(directory, "zig-out", outputs.stamp);
}

/**
 * What the libraries were built from, and which files they are: a `zig build` by hand replaces the libraries without
 * renewing the stamp, so the stamp names their size and time too.
 */
function stamp(sources: string, directory: string, { folders }: NativeOutputs): string {
  const outputs = folders.flatMap((folder) => filesUnder(join(directory, "zig-out", folder)));
  if (outputs.length === 0) throw new Error("nothing is built");
  const files = outputs.map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path.slice(directory.length)} ${size} ${mtimeMs}\n`;
  });
  return `zig ${toolVersions.zig}\nsources ${sources}\n${files.join("")}`;
}

/** Hashes names and contents, not times: a fresh checkout or a switched branch builds only what differs. */
export function sourcesHash(directory: string = zigDirectory): string {
  const hash = createHash("sha256");
  for (const name of ["build.zig", "build.zig.zon"]) {
    hash.update(name).update("\0").update(readFileSync(join(directory, name)));
  }
  for (const path of filesUnder(join(directory, "src"))) {
    hash.update(path.slice(directory.length)).update("\0").update(readFileSync(path));
  }
  return hash.digest("hex");
}

function filesUnder(directory: string): string[] {
  return existsSync(directory) ? pathsBelow(directory).map((path) => join(directory, path)) : [];
}
