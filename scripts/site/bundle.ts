/** Bundles modules for browsers, with esbuild. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrThrow } from "../commands.ts";
import { pathsBelow } from "../packages/files.ts";
import { reachedSources } from "../packages/sources.ts";
import { projectDirectory } from "../project.ts";
import { getEsbuild } from "../setup/esbuild.ts";

/** Files by their paths, with `/` between names. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** How to bundle. */
export interface BundleOptions {
  /** The folder that the entries' paths are meant from. Default: the project's. */
  readonly directory?: string;
  /** Names that stand for these values. */
  readonly define?: Readonly<Record<string, unknown>>;
  /** Modules that stand in for others, by the specifiers of those. */
  readonly alias?: Readonly<Record<string, string>>;
}

/** Browsers that know what the sources use; all of them have WebAssembly with SIMD. */
const targets = "es2022,chrome111,firefox115,safari16.4";

/**
 * Bundles entries (`.ts` or `.css`), and the Workers that they start by `new URL("./x.ts", import.meta.url)`, into one
 * folder: `main.ts` becomes `main.js`. Each has all that it imports, also what it may import later: one request for some
 * 100 KB is quicker than sixty small ones.
 */
export async function bundle(entries: readonly string[], options: BundleOptions = {}): Promise<Files> {
  const { directory = projectDirectory, define = {}, alias = {} } = options;
  const esbuild = await getEsbuild();
  const output = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bundle_"));
  try {
    await runOrThrow(esbuild, [
      ...withWorkers(entries, directory),
      "--bundle",
      "--minify",
      "--format=esm",
      "--charset=utf8",
      "--platform=browser",
      "--legal-comments=none",
      "--log-level=warning",
      `--target=${targets}`,
      `--outdir=${output}`,
      "--entry-names=[name]",
      ...Object.entries(define).map(([name, value]) => `--define:${name}=${JSON.stringify(value)}`),
      ...Object.entries(alias).map(([name, path]) => `--alias:${name}=${path}`),
    ], { directory });
    return new Map(pathsBelow(output).map((path) => [path, bundled(path, readFileSync(join(output, path)))]));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** As it stands in a source, and in a bundle. */
const workerUrl = /new URL\(\s*"\.\/([\w/]+)\.ts"\s*,\s*import\.meta\.url\s*\)/g;

/** The entries, and the Workers that they and their Workers start. */
function withWorkers(entries: readonly string[], directory: string): readonly string[] {
  const all = new Set(entries);
  for (const entry of all) { // grows while it is walked
    if (!entry.endsWith(".ts")) continue;
    for (const [path, source] of reachedSources([entry], directory)) {
      const folder = path.slice(0, path.lastIndexOf("/") + 1);
      for (const [, worker] of source.matchAll(workerUrl)) all.add(`${folder}${worker}.ts`);
    }
  }
  return [...all];
}

/** All files of a bundle lie in one folder, so a Worker is beside the module that starts it. */
function bundled(path: string, bytes: Uint8Array): Uint8Array {
  if (!path.endsWith(".js")) return bytes;
  const source = new TextDecoder().decode(bytes);
  return new TextEncoder().encode(source.replace(workerUrl, (_, worker: string) => {
    return `new URL("./${worker.slice(worker.lastIndexOf("/") + 1)}.js",import.meta.url)`;
  }));
}
