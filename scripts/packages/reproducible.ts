/** Whether the native libraries come out the same when they are built again. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { zigDirectory, zigEnvironment } from "../build_native.ts";
import { runOrThrow } from "../commands.ts";

/** What `zig build package` reads. */
const sources = ["build.zig", "build.zig.zon", "src"];

/**
 * Builds the libraries of all platforms from a copy of the sources in another folder, with empty caches. Throws where a
 * file differs from the one in `built`.
 */
export async function checkReproducible(
  zig: string,
  built: string = join(zigDirectory, "zig-out", "package"),
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_again_"));
  try {
    for (const name of sources) cpSync(join(zigDirectory, name), join(folder, name), { recursive: true });
    const parameters = ["build", "package", "--global-cache-dir", join(folder, "global-cache")];
    await runOrThrow(zig, parameters, { directory: folder, environment: zigEnvironment });
    const differing = differences(built, join(folder, "zig-out", "package"));
    if (differing.length > 0) throw new Error(`built again, these files are others: ${differing.join(", ")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The paths at which two folders do not have the same file. */
export function differences(one: string, other: string): string[] {
  const paths = new Set([...filesBelow(one), ...filesBelow(other)]);
  return [...paths].filter((path) => !haveSame(join(one, path), join(other, path))).sort();
}

function haveSame(one: string, other: string): boolean {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    return false; // one of them is missing
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
