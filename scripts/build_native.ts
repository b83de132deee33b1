/**
 * Builds the native libraries with `zig build`, unless they already are what the sources say.
 *
 * Zig has a cache of its own, but asking it takes a Zig; the stamp here is read in milliseconds without one.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "./commands.ts";
import { step } from "./progress.ts";
import { projectDirectory, toolVersions } from "./project.ts";

/** Builds the libraries of `<directory>` where they are missing or older than their sources. */
export async function buildNative(getZig: () => Promise<string>, directory = zigDirectory): Promise<void> {
  if (isNativeBuilt(directory)) return;
  const zig = await getZig();
  // Taken before the build: sources that change meanwhile are built again next time.
  const sources = sourcesHash(directory);
  await step(
    "native libraries: zig build",
    () => runOrThrow(zig, ["build"], { directory, environment: zigEnvironment }),
  );
  writeFileSync(stampPath(directory), stamp(sources, directory));
}

/** Whether the libraries are those of the present sources. */
export function isNativeBuilt(directory = zigDirectory): boolean {
  try {
    return readFileSync(stampPath(directory), "utf8") === stamp(sourcesHash(directory), directory);
  } catch {
    return false;
  }
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

function stampPath(directory: string): string {
  return join(directory, "zig-out", "built.txt");
}

/**
 * What the libraries were built from, and which files they are: a `zig build` by hand replaces the libraries without
 * renewing the stamp, so the stamp names their size and time too.
 */
function stamp(sources: string, directory: string): string {
  const outputs = ["lib", "bin"].flatMap((folder) => filesUnder(join(directory, "zig-out", folder)));
  if (outputs.length === 0) throw new Error("nothing is built");
  const files = outputs.map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path.slice(directory.length)} ${size} ${mtimeMs}\n`;
  });
  return `zig ${toolVersions.zig}\nsources ${sources}\n${files.join("")}`;
}

/** Hashes names and contents, not times: a fresh checkout or a switched branch builds only what differs. */
function sourcesHash(directory: string): string {
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
  try {
    return readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}
