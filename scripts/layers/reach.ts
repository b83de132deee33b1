/** Looks for modules that nothing reaches, and for tests that no runner finds. */

import { posix } from "node:path";
import { blankNonCode } from "./code_text.ts";
import type { Sources } from "./check.ts";
import { readModule } from "./imports.ts";

/** Each of them is a program of its own, which the tests run. */
const programs = "scripts/examples/";

/** What a browser loads, in bundles. */
const bundled = [
  "src/viewer/page/main.ts",
  "src/viewer/page/renderer/renderer_worker.ts",
  "src/viewer/offline/register.ts",
  "src/viewer/offline/service_worker.ts",
  "src/viewer/guide/guide.ts",
  "src/viewer/guide/web.ts",
];

/** `test(…)` from `node:test` or a helper; a method of that name, as regular expressions have, is none. */
const testCall = /(?<!\bfunction\s+)(?<![.\w#$])(?:Deno\.)?test\s*(?:\.\w+\s*)?\(/g;

/**
 * Returns one line for each violation: `path:line: what is wrong`.
 *
 * @param tasks The files that the tasks of `deno.json` run: where programs begin, beside `mod.ts`.
 */
export function checkReach(sources: Sources, tasks: readonly string[]): string[] {
  const modules = [...sources.keys()].filter((path) => !path.endsWith(".zig"));
  const missing = tasks.filter((path) => !sources.has(path)).map((path) =>
    `deno.json:1: runs ${path}, which is no file`
  );
  const isRoot = (path: string) => ["mod.ts", ...bundled, ...tasks].includes(path) || path.startsWith(programs);
  const inProduct = reachableFrom(modules.filter((path) => isRoot(path) && !path.startsWith("tests/")), sources);
  const inTests = reachableFrom(modules.filter((path) => path.startsWith("tests/")), sources);
  const unreached = modules.flatMap((path) => {
    if (path.startsWith("tests/") || inProduct.has(path)) return [];
    if (!inTests.has(path)) return [`${path}:1: neither mod.ts nor a task of deno.json reaches it`];
    return path.startsWith("scripts/") ? [] : [`${path}:1: only tests reach it; it belongs to them`];
  });
  return [...missing, ...unreached, ...modules.flatMap((path) => lostTests(path, sources.get(path)!))];
}

/** The runners look for files of tests by the end of their name. */
function lostTests(path: string, source: string): string[] {
  if (path.startsWith("tests/") && path.endsWith("_test.ts")) return [];
  const code = blankNonCode(source);
  return Array.from(code.matchAll(testCall)).slice(0, 1).map(({ index }) => {
    const line = code.slice(0, index).split("\n").length;
    return `${path}:${line}: has a test, and no runner finds it: tests are in tests/, in files that end in _test.ts`;
  });
}

function reachableFrom(roots: readonly string[], sources: Sources): ReadonlySet<string> {
  const reached = new Set(roots);
  for (const path of reached) { // grows while it is walked
    for (const { specifier } of readModule(sources.get(path) ?? "").imports) {
      if (specifier?.startsWith(".")) reached.add(posix.join(posix.dirname(path), specifier));
    }
  }
  return reached;
}
