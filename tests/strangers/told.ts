/** The table of `zig/src/virtual/README.md` that tells what strangers saw: each row is what a test has seen. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const readme = new URL("../../zig/src/virtual/README.md", import.meta.url);

/** Fails where the table has no such row; the error is the row. */
export function assertTold(...cells: readonly string[]): void {
  const row = `| ${cells.join(" | ")} |`.replace(/ +/g, " ");
  const rows = readFileSync(readme, "utf8").split("\n").map((line) => line.replace(/ +/g, " "));
  assert.ok(rows.includes(row), `zig/src/virtual/README.md lacks this row:\n${row}`);
}
