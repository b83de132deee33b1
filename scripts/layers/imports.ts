/** Finds what a module imports. */

import { blankNonCode } from "./code_text.ts";

/** One import, re-export or `import()`. */
export interface ImportedModule {
  /** As written; undefined for an `import()` of a computed name. */
  readonly specifier: string | undefined;
  readonly line: number;
  /** Where the specifier begins in the source, behind its quote. */
  readonly offset: number;
  /** Whether the module is needed to load this one: neither `import type` nor `import()`. Only such imports cycle. */
  readonly isStatic: boolean;
}

/** What the check wants to know of a module. */
export interface ModuleFacts {
  readonly imports: readonly ImportedModule[];
  /** Lines that name the global `Deno` or `Bun`. */
  readonly runtimeGlobalLines: readonly number[];
}

/** `import x from "y"`, `import "y"`, `export { x } from "y"`: up to the opening quote. */
const staticImport = /\b(?:import|export)\b(\s+type\b)?(?:[\w\s{},*$]*?\bfrom)?\s*(?=["'])/g;
/** `import("y")`, also as a type. */
const dynamicImport = /\bimport\s*\(\s*/g;
const runtimeGlobal = /\b(?:Deno|Bun)\b/g;

/** Reads a module's source. */
export function readModule(source: string): ModuleFacts {
  const code = blankNonCode(source);
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  const imports: ImportedModule[] = [];
  for (const match of code.matchAll(staticImport)) {
    const quote = match.index + match[0].length;
    const specifier = quotedAt(source, code, quote);
    imports.push({ specifier, line: lineAt(match.index), offset: quote + 1, isStatic: match[1] === undefined });
  }
  for (const match of code.matchAll(dynamicImport)) {
    const quote = match.index + match[0].length;
    imports.push({
      specifier: quotedAt(source, code, quote),
      line: lineAt(match.index),
      offset: quote + 1,
      isStatic: false,
    });
  }
  return { imports, runtimeGlobalLines: Array.from(code.matchAll(runtimeGlobal), ({ index }) => lineAt(index)) };
}

/** The content of the string that begins at an offset; undefined where none begins or more than it stands there. */
function quotedAt(source: string, code: string, offset: number): string | undefined {
  const quote = code[offset];
  if (quote !== '"' && quote !== "'") return undefined;
  const end = code.indexOf(quote, offset + 1);
  return source.slice(offset + 1, end);
}
