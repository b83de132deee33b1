/** The recipes of the README are what the examples run: each line of a recipe stands in the example that it links to. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** The recipes: each begins with a title in bold and a link to its example, and ends with code. */
const recipes = read("README.md").split(/^(?=\*\*)/m).flatMap((text) => {
  const path = /\((scripts\/examples\/\w+\.ts)\)/.exec(text)?.[1];
  const code = /^```ts ignore\n([^]*?)^```$/m.exec(text)?.[1];
  return path === undefined || code === undefined ? [] : [{ path, code }];
});

test("the README has at least eight recipes", () => {
  assert.ok(recipes.length >= 8, `found ${recipes.length}`);
});

for (const { path, code } of recipes) {
  test(`the recipe with ${path} is code of that example`, () => {
    const lines = new Set(read(path).split("\n").map((line) => line.trim()));
    for (const line of code.trim().split("\n")) assert.ok(lines.has(line.trim()), `${path} lacks: ${line.trim()}`);
  });
}

test("the README links to each example", () => {
  const readme = read("README.md");
  for (const name of readdirSync(new URL("scripts/examples/", root))) {
    if (name !== "worker_thread.ts") assert.ok(readme.includes(`scripts/examples/${name}`), name);
  }
});
