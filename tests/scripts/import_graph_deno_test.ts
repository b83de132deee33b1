import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { readModule } from "../../scripts/layers/imports.ts";
import { projectDirectory } from "../../scripts/project.ts";

/** The modules that are loaded with one, itself included: what `import()` asks for is loaded later. */
function loadedWith(entry: string): string[] {
  const loaded = new Set([entry]);
  for (const path of loaded) { // grows while it is walked
    for (const { specifier, isStatic } of readModule(readFileSync(join(projectDirectory, path), "utf8")).imports) {
      if (isStatic && specifier!.startsWith(".")) loaded.add(posix.join(posix.dirname(path), specifier!));
    }
  }
  return [...loaded].sort();
}

// Under Node a module of the sources takes some 2 ms, under Bun and Deno 0.2.
test("a program that imports mod.ts loads at most 105 modules, and no driver, reader or writer", () => {
  const loaded = loadedWith("mod.ts");
  assert.ok(loaded.length <= 105, `${loaded.length} modules:\n${loaded.join("\n")}`);
  assert.deepEqual(loaded.filter((path) => /\/(driver|opening|reader|writer)\.ts$/.test(path)), []);
});

test("of the runtime's modules mod.ts loads node:path only: node:fs takes Deno 10 ms", () => {
  const names = loadedWith("mod.ts").flatMap((path) =>
    readModule(readFileSync(join(projectDirectory, path), "utf8")).imports
      .flatMap(({ specifier, isStatic }) => isStatic && !specifier!.startsWith(".") ? [specifier] : [])
  );
  assert.deepEqual([...new Set(names)], ["node:path"]);
});
