/** Each tick of the cameras' table of features that is ours stands for a test that there is. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cameras, proofs } from "./features.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf-8");

/** The table: the ticks of each camera by feature, ours first. */
function readTable(): Map<string, readonly string[]> {
  const lines = read("src/cameras/README.md").split("\n");
  const cells = (line: string) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const begin = lines.findIndex((line) => cells(line)[0] === "feature");
  assert.deepEqual(cells(lines[begin]!).slice(1), [...cameras]);
  const rows = lines.slice(begin + 2).map(cells);
  return new Map(rows.slice(0, rows.findIndex(({ length }) => length === 0)).map(([name, ...ticks]) => [name!, ticks]));
}

test("each tick of ours in the cameras' table has a test, and each test a tick", () => {
  const table = readTable();
  assert.deepEqual([...table.keys()], Object.keys(proofs));
  for (const [feature, ticks] of table) {
    for (const [index, tick] of ticks.entries()) {
      const place = `${feature}, ${cameras[index]}`;
      assert.match(tick, /^[✓o–] [✓o–] [✓o–]$/, place);
      const proof = proofs[feature]![index];
      assert.equal(tick.startsWith("–"), proof === undefined, place);
      if (proof === undefined) continue;
      const [file, title] = proof;
      assert.match(read(`tests/${file}`), titleOf(title), `${place}: ${file} has no test "${title}"`);
    }
  }
});

/** Matches the call of a test whose title begins so. */
function titleOf(beginning: string): RegExp {
  return new RegExp(`\\btest\\(["\`]${beginning.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
}
