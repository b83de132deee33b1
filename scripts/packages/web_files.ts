/** Files of the packages that are no modules: WebAssembly beside the modules that load it, and the page of `view`. */

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Files } from "../site/bundle.ts";
import { listOf, viewPage } from "../site/site.ts";
import { wasmFile } from "../site/viewer.ts";

/** As modules name what lies beside them. */
const wasmUrl = /new URL\(\s*"(\.\/[\w/]+\.wasm)"\s*,\s*import\.meta\.url\s*\)/g;

/** Where modules of some sources look for WebAssembly: paths as those of the sources. */
export function wasmPaths(sources: ReadonlyMap<string, string>): string[] {
  const paths = [...sources].flatMap(([path, source]) =>
    Array.from(source.matchAll(wasmUrl), ([, name]) => posix.join(posix.dirname(path), name!))
  );
  return [...new Set(paths)].sort();
}

/**
 * The files that belong to sources, by paths as theirs; the page lies in `viewer/`. Its WebAssembly is that beside the
 * modules, which its list names.
 */
export async function webFiles(sources: ReadonlyMap<string, string>): Promise<Files> {
  const wasm = wasmPaths(sources);
  const page = await viewPage();
  const elsewhere = Object.fromEntries(
    [...page.keys()].flatMap((path) => {
      const there = wasm.find((each) => posix.basename(each) === posix.basename(path));
      return there === undefined ? [] : [[path, `../${there}`]];
    }),
  );
  const own = [...page].filter(([path]) => elsewhere[path] === undefined);
  return new Map([
    ...wasm.map((path) => [path, readFileSync(wasmFile(posix.basename(path)))] as const),
    ...[...own, listOf(page, elsewhere)].map(([path, bytes]) => [`viewer/${path}`, bytes] as const),
  ]);
}
