/** Emits the modules of the npm package, in either of two ways that give the same files. */

import { emitWithDnt } from "./emit_dnt.ts";
import { emitWithTypeScript } from "./emit_typescript.ts";

/** Files by their path in the package's folder `esm`. */
export type EmittedFiles = ReadonlyMap<string, string>;

/** What emits. */
export type Compiler = "typescript" | "dnt";

/**
 * Emits the entry points and what they import. What dnt emits is compared with what TypeScript alone does, so that what
 * is released is what the gate has tested.
 */
export async function emitModules(compiler: Compiler): Promise<EmittedFiles> {
  const files = await emitWithTypeScript();
  if (compiler === "dnt") compareFiles(await emitWithDnt(), files);
  return files;
}

/** Throws where dnt's files differ from TypeScript's. */
export function compareFiles(dnt: EmittedFiles, typeScript: EmittedFiles): void {
  const paths = [...new Set([...dnt.keys(), ...typeScript.keys()])].sort();
  const different = paths.filter((path) => dnt.get(path) !== typeScript.get(path));
  if (different.length === 0) return;
  const lines = different.map((path) => {
    if (!dnt.has(path)) return `${path}: only TypeScript emits it`;
    return `${path}: ${typeScript.has(path) ? "differs" : "only dnt emits it"}`;
  });
  throw new Error(`dnt and TypeScript emit different files, so the gate has not tested dnt's:\n${lines.join("\n")}`);
}
