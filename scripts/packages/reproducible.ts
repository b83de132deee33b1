/** Whether the native libraries come out the same when they are built again. */

import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zigDirectory, zigEnvironment } from "../build_native.ts";
import { runOrThrow } from "../commands.ts";
import { pathsBelow } from "./files.ts";
import { type Platform, platforms } from "./platforms.ts";

/** What `zig build package` reads. */
const sources = ["build.zig", "build.zig.zon", "src"];

const builtPackage = join(zigDirectory, "zig-out", "package");

/** What to build again. */
export interface ReproducibleOptions {
  /** These platforms alone, with what Zig has in its cache of its own libraries, which is quicker. */
  readonly only?: readonly Platform[];
}

/**
 * Builds the libraries of all platforms from a copy of the sources in another folder, with empty caches. Throws where a
 * file differs from the one in zig-out/package.
 */
export async function checkReproducible(zig: string, { only }: ReproducibleOptions = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_again_"));
  try {
    for (const name of sources) cpSync(join(zigDirectory, name), join(folder, name), { recursive: true });
    const parameters = ["build", "package", ...(only ?? []).map((platform) => `-Dplatform=${platform}`)];
    const environment = {
      ...zigEnvironment,
      ZIG_LOCAL_CACHE_DIR: join(folder, "cache"),
      ...(only === undefined ? { ZIG_GLOBAL_CACHE_DIR: join(folder, "global-cache") } : {}),
    };
    await runOrThrow(zig, parameters, { directory: folder, environment });
    const again = join(folder, "zig-out", "package");
    const differing = (only ?? platforms).flatMap((platform) => {
      return differences(join(builtPackage, platform), join(again, platform)).map((path) => join(platform, path));
    });
    if (differing.length > 0) throw new Error(`built again, these files are others: ${differing.join(", ")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The paths at which two folders do not have the same file. */
export function differences(one: string, other: string): string[] {
  const paths = new Set([...pathsBelow(one), ...pathsBelow(other)]);
  return [...paths].filter((path) => !haveSame(join(one, path), join(other, path))).sort();
}

function haveSame(one: string, other: string): boolean {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    return false; // one of them is missing
  }
}
