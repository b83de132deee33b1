/** Compares the imports of TypeScript modules with the table of rooms. */

import { posix } from "node:path";
import { cycles } from "./cycles.ts";
import { type ImportedModule, readModule } from "./imports.ts";
import { mayImport, type Room, roomOf, runtimeModules } from "./table.ts";

/** Sources by their path from the project's folder. */
export type Sources = ReadonlyMap<string, string>;

/** Returns one line for each violation: `path:line: what is wrong`. */
export function checkLayers(sources: Sources): string[] {
  const violations: string[] = [];
  const staticImports = new Map<string, string[]>();
  for (const [path, source] of sources) {
    if (path.endsWith(".zig")) continue;
    const report = (line: number, what: string) => violations.push(`${path}:${line}: ${what}`);
    const room = roomOf(path);
    if (room === undefined) {
      report(1, "is in no room of scripts/layers/table.ts");
      continue;
    }
    const { imports, runtimeGlobalLines } = readModule(source);
    if (room.mayNameRuntimes !== true) {
      for (const line of runtimeGlobalLines) report(line, "names a runtime; only ffi/, scripts/ and tests/ may");
    }
    for (const imported of imports) {
      const problem = problemOf(path, room, imported, sources);
      if (problem !== undefined) report(imported.line, problem);
    }
    staticImports.set(
      path,
      imports.flatMap(({ specifier, isStatic }) => isStatic && specifier ? resolve(path, specifier) ?? [] : []),
    );
  }
  const circles = cycles(staticImports).map((circle) => `${circle[0]}:1: imports itself: ${circle.join(" -> ")}`);
  return [...violations, ...circles];
}

function problemOf(path: string, room: Room, imported: ImportedModule, sources: Sources): string | undefined {
  const { specifier } = imported;
  if (specifier === undefined) {
    if (room.mayNameRuntimes === true || room.mayImportComputed === true) return undefined;
    return "imports a computed name, which cannot be checked";
  }
  if (/^(https?|jsr|npm|data|file):/.test(specifier)) {
    return `imports ${specifier}: the gate must run offline, on every runtime`;
  }
  const target = resolve(path, specifier);
  if (target === undefined) {
    if (specifier.startsWith("node:")) {
      return room.isForPages === true ? `imports ${specifier}; ${room.path} is for web pages, too` : undefined;
    }
    if (!runtimeModules.includes(specifier)) return `imports ${specifier}, which is not a dependency of the project`;
    return room.mayNameRuntimes === true ? undefined : `imports ${specifier}; only ffi/, scripts/ and tests/ may`;
  }
  if (!sources.has(target)) return `imports ${specifier}, which is no module of the project`;
  if (!mayImport(path, target)) return `${room.path} may not import ${target}`;
  const isTooMuch = room.isForPages === true && imported.isStatic && roomOf(target)?.isForPages !== true;
  return isTooMuch ? `imports ${target}, which web pages cannot load; ${room.path} is for them, too` : undefined;
}

/** The path of a relative import from the project's folder. */
function resolve(path: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}
