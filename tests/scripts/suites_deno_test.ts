import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseSuites } from "../../scripts/testing/suites.ts";

function chosen(...names: string[]): string[] {
  return chooseSuites(names).map(({ name }) => name);
}

test("a contributor runs what needs neither QEMU nor Bochs nor benchmarks; anything else is run by its name", () => {
  assert.deepEqual(chosen(), ["Zig", "Deno", "Bun", "Node"]);
  assert.deepEqual(chosen("node", "EMULATED", "Bochs"), ["Node", "Emulated", "Bochs"]);
  assert.throws(
    () => chosen("nodes"),
    /no suite is named nodes; there are Zig, Deno, Bun, Node, Bench, Packages, Strangers, Readers, Browser, Wasm, WasmDeno, WasmBun, WasmNode, Emulated/,
  );
});
