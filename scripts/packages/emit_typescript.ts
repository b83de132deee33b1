/** Emits modules with the TypeScript of npm. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrThrow } from "../commands.ts";
import { getTypeScript } from "../setup/typescript.ts";
import { filesIn, writeFiles } from "./files.ts";
import type { EmittedFiles } from "./emit.ts";
import { compilerOptions, entryPoints } from "./npm_table.ts";
import { reachedSources, withBuiltSpecifiers } from "./sources.ts";

/** Emits the entry points and what they import. */
export async function emitWithTypeScript(): Promise<EmittedFiles> {
  const typeScript = await getTypeScript();
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_emit_"));
  try {
    const sources = reachedSources(entryPoints.map(({ source }) => source));
    writeFiles(
      join(folder, "sources"),
      new Map([...sources].map(([path, source]) => [path, withBuiltSpecifiers(source)])),
    );
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
    // TypeScript's own files are CommonJS, and no package.json says so.
    const parameters = ["run", "--allow-all", "--no-config", "--no-lock", "--unstable-detect-cjs"];
    const compiler = join(typeScript, "lib", "tsc.js");
    await runOrThrow(Deno.execPath(), [...parameters, compiler, "--project", folder], { directory: folder });
    return filesIn(join(folder, "esm"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** tsconfig.json. The other options are what dnt sets for each package. */
const project = {
  compilerOptions: {
    ...compilerOptions,
    strict: true,
    module: "ESNext",
    moduleResolution: "Bundler",
    isolatedModules: true,
    useDefineForClassFields: true,
    declaration: true,
    types: [],
    // The gate checks them. Here the types of Deno and of the dependencies are missing.
    noCheck: true,
    rootDir: "sources",
    outDir: "esm",
  },
  include: ["sources"],
};
