import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readConfiguration } from "../../scripts/configuration.ts";
import { withNpmName } from "../../scripts/packages/build_npm_package.ts";
import { compareFiles } from "../../scripts/packages/emit.ts";
import { entryPoints, packageJson } from "../../scripts/packages/npm_table.ts";
import { reachedSources, withBuiltSpecifiers } from "../../scripts/packages/sources.ts";

test("relative imports name what is emitted; packages, comments and strings stay", () => {
  const source = [
    "#!/usr/bin/env node",
    'import { a } from "./a.ts"; // not "./a.ts"',
    'export type * from "../b/b.ts";',
    'import koffi from "koffi";',
    "const text = 'import \"./a.ts\"';",
    'type C = import("./c.ts").C;',
    'const d = await import("./d.ts");',
    'await import("neuromorphic-drivers-native");',
  ];
  assert.deepEqual(withBuiltSpecifiers(source.join("\n")).split("\n"), [
    source[0],
    'import { a } from "./a.js"; // not "./a.ts"',
    'export type * from "../b/b.js";',
    source[3],
    source[4],
    'type C = import("./c.js").C;',
    'const d = await import("./d.js");',
    source[7],
  ]);
});

test("a package has what its entry points reach, also through types and import(), and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_sources_"));
  try {
    const files = {
      "a.ts": 'import type { B } from "./b.ts";\nimport process from "node:process";',
      "b.ts": 'await import("./c.ts");\n// import "./d.ts"',
      "c.ts": 'import "./a.ts";',
      "d.ts": "",
    };
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
    assert.deepEqual([...reachedSources(["a.ts"], folder).keys()], ["a.ts", "b.ts", "c.ts"]);
    assert.throws(() => reachedSources(["e.ts"], folder), /ENOENT.*e\.ts/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the npm package exports what JSR's does, and depends on exact versions", () => {
  const { exports, imports, version } = readConfiguration();
  assert.deepEqual(Object.fromEntries(entryPoints.map(({ exported, source }) => [exported, `./${source}`])), exports);
  const built = packageJson() as { exports: Record<string, unknown>; dependencies: Record<string, string> };
  const code = Object.keys(built.exports).filter((name) => !name.endsWith(".wasm"));
  assert.deepEqual(code, [...Object.keys(exports), "./package.json"]);
  const koffi = imports.koffi!.slice("npm:koffi@".length);
  assert.match(koffi, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(built.dependencies, { koffi, "neuromorphic-drivers-native": version });
});

test("examples in documentation import npm's name; a command for JSR stays", () => {
  assert.equal(
    withNpmName('import { open } from "@neuromorphic/drivers"; // deno run jsr:@neuromorphic/drivers/cli'),
    'import { open } from "neuromorphic-drivers"; // deno run jsr:@neuromorphic/drivers/cli',
  );
});

test("a release fails where dnt's files are not those that the gate has tested", () => {
  const files = (...entries: [string, string][]) => new Map(entries);
  compareFiles(files(["a.js", "a"]), files(["a.js", "a"]));
  assert.throws(
    () => compareFiles(files(["a.js", "a"], ["b.js", "b"]), files(["a.js", "A"], ["c.js", "c"])),
    /emit different files.*\na\.js: differs\nb\.js: only dnt emits it\nc\.js: only TypeScript emits it$/s,
  );
});
