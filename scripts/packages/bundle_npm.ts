/**
 * Bundles what programs import: the modules that are loaded with `mod.js` become one file, and what it loads when a
 * function is called becomes a few more. A start of Node took a third of a millisecond for each module. Tools that bundle
 * programs take the modules, and leave out what a program does not need.
 *
 * The files have no source maps. They are as readable as the modules: names and comments stay, and `// src/…` above each
 * module tells where a line of a stack trace comes from. Maps without the sources took 593 KB beside 829 KB of code, and
 * Node reads them with `--enable-source-maps` only.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrThrow } from "../commands.ts";
import { getEsbuild } from "../setup/esbuild.ts";
import type { EmittedFiles } from "./emit.ts";
import { pathsBelow, writeFiles } from "./files.ts";

/** The module that programs import. */
const entry = "mod.js";

/** The folder of the bundle, beside the modules, and its file that programs import. */
export const bundleFolder = "bundle";
export const bundleName = `${bundleFolder}/${entry}`;

/** Stays a module: an error of a page's module, `./web`, is one of this class too. */
const shared = "src/errors.js";

/** Returns the files of the bundle, by paths as those of the modules. */
export async function bundleForPrograms(modules: EmittedFiles): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_npm_"));
  const esm = join(folder, "esm");
  const output = join(esm, bundleFolder);
  try {
    writeFiles(esm, modules);
    // Each file that is loaded later "needs" all of the entry, which therefore is one file and not one for each use.
    writeFileSync(join(esm, "first.js"), `import "./${entry}";\n`);
    await runOrThrow(await getEsbuild(), [
      join(esm, entry),
      "--bundle",
      "--splitting",
      `--inject:${join(esm, "first.js")}`,
      "--format=esm",
      "--platform=node",
      "--target=es2023",
      "--charset=utf8",
      "--packages=external",
      `--external:${join(esm, shared)}`,
      "--log-level=warning",
      `--outdir=${output}`,
    ], { directory: esm });
    return new Map(
      pathsBelow(output).map((path) => [`${bundleFolder}/${path}`, readFileSync(join(output, path), "utf8")] as const),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
