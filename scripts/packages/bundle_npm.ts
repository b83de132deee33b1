/**
 * Bundles the module that programs import into one file. The library has some 250 modules, and each took a start of Node
 * a third of a millisecond. Tools that bundle programs take the modules, and leave out what a program does not need.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrThrow } from "../commands.ts";
import { getEsbuild } from "../setup/esbuild.ts";
import type { EmittedFiles } from "./emit.ts";
import { writeFiles } from "./files.ts";

/** The module that programs import, and its bundle, both in the folder `esm`. */
const entry = "mod.js";
export const bundleName = "bundle.js";

/** Stays a module: an error of a page's module, `./web`, is one of this class too. */
const shared = "src/errors.js";

/** Returns the bundle. It is as readable as the modules, so it has no map. */
export async function bundleForPrograms(modules: EmittedFiles): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_npm_"));
  try {
    writeFiles(join(folder, "esm"), modules);
    await runOrThrow(await getEsbuild(), [
      join(folder, "esm", entry),
      "--bundle",
      "--format=esm",
      "--platform=node",
      "--target=es2023",
      "--charset=utf8",
      "--packages=external",
      `--external:${join(folder, "esm", shared)}`,
      "--log-level=warning",
      // Beside its entry, so that its imports are those in the package.
      `--outfile=${join(folder, "esm", bundleName)}`,
    ], { directory: join(folder, "esm") });
    return readFileSync(join(folder, "esm", bundleName), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
