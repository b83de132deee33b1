/** Compares the imports of Zig files with the table of rooms, and looks for files and tests that nothing reaches. */

import { posix } from "node:path";
import type { Sources } from "./check.ts";
import { cycles } from "./cycles.ts";
import { mayImport, roomOf } from "./table.ts";
import { readZigFile, type ZigFacts, type ZigImport } from "./zig_imports.ts";
import { testRoots, zigRoots } from "./zig_table.ts";

/** Tests and what they share. They may import anything; only tests and roots may import them. */
export function isTestFile(path: string): boolean {
  return path.endsWith("_test.zig") || path.includes("/testing/");
}

/** Returns one line for each violation: `path:line: what is wrong`. */
export function checkZig(sources: Sources): string[] {
  const files = new Map(
    [...sources].filter(([path]) => path.endsWith(".zig")).map(([path, source]) => [path, readZigFile(source)]),
  );
  return [
    ...[...files].flatMap(([path, facts]) => problemsOf(path, facts, files)),
    ...circlesOfRooms(files),
    ...unreached(files),
  ];
}

/** Files by their path from the project's folder. */
type ZigFiles = ReadonlyMap<string, ZigFacts>;

function problemsOf(path: string, { imports, unusedImportLines }: ZigFacts, files: ZigFiles): string[] {
  const needsRoom = !zigRoots.includes(path) && !isTestFile(path);
  if (needsRoom && roomOf(path) === undefined) return [`${path}:1: is in no room of scripts/layers/zig_table.ts`];
  return [
    ...imports.flatMap((imported) => {
      const problem = problemOf(path, imported, files);
      return problem === undefined ? [] : [`${path}:${imported.line}: ${problem}`];
    }),
    ...unusedImportLines.map((line) => `${path}:${line}: imports a file and does not use it`),
  ];
}

function problemOf(path: string, imported: ZigImport, files: ZigFiles): string | undefined {
  const target = targetOf(path, imported);
  if (!files.has(target)) return `imports ${imported.specifier}, which is no file of the project`;
  if (zigRoots.includes(target)) return `imports ${target}, which is a root`;
  if (imported.isInTest || isTestFile(path) || zigRoots.includes(path)) return undefined;
  if (isTestFile(target)) return `imports ${target} outside of a test`;
  return mayImport(path, target) ? undefined : `${roomOf(path)!.path} may not import ${target}`;
}

/** The path of an imported file from the project's folder. */
function targetOf(path: string, { specifier }: ZigImport): string {
  return posix.join(posix.dirname(path), specifier);
}

/** Within a room files may import each other; across rooms a circle has no bottom. Tests stand beside the house. */
function circlesOfRooms(files: ZigFiles): string[] {
  const rooms = new Map<string, Set<string>>();
  for (const [path, { imports }] of files) {
    const room = roomOf(path)?.path;
    if (room === undefined || isTestFile(path) || zigRoots.includes(path)) continue;
    const imported = rooms.get(room) ?? new Set();
    rooms.set(room, imported);
    for (const each of imports) {
      const target = roomOf(targetOf(path, each))?.path;
      if (!each.isInTest && target !== undefined && target !== room) imported.add(target);
    }
  }
  return cycles(new Map([...rooms].map(([room, imported]) => [room, [...imported]])))
    .map((circle) => `${circle[0]}:1: rooms go in a circle: ${circle.join(" -> ")}`);
}

/**
 * Zig compiles what a root reaches, and runs the tests of what a root of tests reaches. A file that only tests reach is a
 * test or lies in a `testing/`.
 */
function unreached(files: ZigFiles): string[] {
  const used = reachableFrom(zigRoots, files, ({ isInTest }) => !isInTest);
  const tested = reachableFrom(testRoots, files, () => true);
  return [...files].flatMap(([path, { testLines }]) => {
    const isReached = used.has(path) || (isTestFile(path) && tested.has(path));
    if (!isReached) return [`${path}:1: no root of scripts/layers/zig_table.ts reaches it`];
    if (testLines.length > 0 && !tested.has(path)) {
      return [`${path}:${testLines[0]}: no root of tests reaches its tests`];
    }
    return [];
  });
}

function reachableFrom(
  roots: readonly string[],
  files: ZigFiles,
  counts: (imported: ZigImport) => boolean,
): ReadonlySet<string> {
  const reached = new Set(roots);
  for (const path of reached) { // grows while it is walked
    for (const imported of files.get(path)?.imports ?? []) {
      if (counts(imported)) reached.add(targetOf(path, imported));
    }
  }
  return reached;
}
