/** Emits modules with dnt. Only a release does: it comes from JSR, which nothing that the gate runs needs. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmittedFiles } from "./emit.ts";
import { filesIn } from "./files.ts";
import { stageJsrPackage } from "./jsr.ts";
import { names } from "./names.ts";
import { compilerOptions, entryPoints } from "./npm_table.ts";

/** The version that was seen to emit what TypeScript 6.0.3 does. */
const dnt = "jsr:@deno/dnt@0.43.2";

/** Emits the entry points and what they import. */
export async function emitWithDnt(): Promise<EmittedFiles> {
  // A computed name: `deno check` and `deno cache` would fetch a literal one.
  const specifier: string = dnt;
  const { build } = await import(specifier) as { build(options: Record<string, unknown>): Promise<void> };
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_dnt_"));
  const output = join(folder, "output");
  try {
    // Beside its sources dnt finds a deno.json, and that of the clone maps the native libraries to a local file.
    const sources = await stageJsrPackage(join(folder, "sources"));
    await build({
      entryPoints: entryPoints.map(({ source }) => join(sources, source)),
      outDir: output,
      // `Deno` stays the global: at run time it tells which runtime this is.
      shims: {},
      polyfills: false,
      test: false,
      scriptModule: false,
      declaration: "inline",
      skipSourceOutput: true,
      // The gate checks the types, in the project and as users of the package do.
      typeCheck: false,
      skipNpmInstall: true,
      compilerOptions: { ...compilerOptions, lib: [...compilerOptions.lib] },
      // dnt writes a package.json of its own, which is not used.
      package: { name: names.npm, version: "0.0.0" },
    });
    const files = new Map(filesIn(join(output, "esm")));
    files.delete("package.json"); // says that these are modules, as the one above it does
    return files;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
