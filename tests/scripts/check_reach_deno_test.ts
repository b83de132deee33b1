import assert from "node:assert/strict";
import { test } from "node:test";
import { checkProject, projectSources, taskFiles } from "../../scripts/check_layers.ts";
import { checkReach } from "../../scripts/layers/reach.ts";

const house = {
  "mod.ts": 'export { open } from "./src/devices/open.ts";\n',
  "src/devices/open.ts": 'import type { Device } from "./device.ts";\nawait import("../../ffi/deno.ts");\n',
  "src/devices/device.ts": "export type Device = 1;\n",
  "ffi/deno.ts": "export {};\n",
  "scripts/demo.ts": 'import "../src/cli/demo.ts";\n',
  "src/cli/demo.ts": "export {};\n",
  "scripts/examples/events.ts": "export {};\n",
  "scripts/project.ts": "export {};\n",
  "tests/devices/open_test.ts": 'import "../../scripts/project.ts";\ntest("it opens", () => {});\n',
  "tests/bench/bench.ts": 'import "../../src/devices/open.ts";\n',
  "zig/src/root.zig": 'test "x" {}\n',
};

function check(more: Record<string, string>): string[] {
  return checkReach(new Map(Object.entries({ ...house, ...more })), ["scripts/demo.ts", "tests/bench/bench.ts"]);
}

test("mod.ts, tasks and examples reach the library, and tests reach scripts", () => assert.deepEqual(check({}), []));

test("a module that nothing reaches is told", () => {
  for (const path of ["src/stream/dead.ts", "ffi/dead.ts", "scripts/dead.ts", "scripts/setup/dead.ts"]) {
    assert.deepEqual(check({ [path]: "export {};\n" }), [
      `${path}:1: neither mod.ts nor a task of deno.json reaches it`,
    ]);
  }
  const circle = { "src/usb/a.ts": 'import "./b.ts";\n', "src/usb/b.ts": 'import type { A } from "./a.ts";\n' };
  assert.equal(check(circle).length, 2);
});

test("a module of the library that only tests reach is told", () => {
  const path = "src/stream/dead.ts";
  for (const file of ["tests/stream/dead_test.ts", "tests/bench/bench.ts"]) {
    const sources = { [path]: "export {};\n", [file]: `import "../../${path}";\n` };
    assert.deepEqual(check(sources), [`${path}:1: only tests reach it; it belongs to them`]);
  }
});

test("a task whose file is missing is told", () => {
  assert.deepEqual(checkReach(new Map([["mod.ts", ""]]), ["scripts/demo.ts"]), [
    "deno.json:1: runs scripts/demo.ts, which is no file",
  ]);
});

test("a test that no runner finds is told", () => {
  const lost = "has a test, and no runner finds it: tests are in tests/, in files that end in _test.ts";
  for (const path of ["tests/stream/foo_tests.ts", "tests/stream/foo.test.ts", "tests/test.ts"]) {
    for (const text of ['test("x", () => {});', "for (const x of y) {\n  test(x, () => {});\n}", "Deno.test(x);"]) {
      const line = text.split("\n").findIndex((code) => code.includes("test(")) + 1;
      assert.deepEqual(check({ [path]: text }), [`${path}:${line}: ${lost}`], text);
    }
  }
  assert.deepEqual(check({ "src/devices/device.ts": 'test.skip("x", () => {});' }), [
    `src/devices/device.ts:1: ${lost}`,
  ]);
});

test("text that only talks about tests has none", () => {
  const texts = [
    "// test(x)",
    'const x = "test(x)";',
    "/x/.test(y);",
    "this.#test(x);",
    "latest(x);",
    "export function test(name: string): void {}",
    'import { test } from "node:test";',
  ];
  for (const text of texts) assert.deepEqual(check({ "tests/support/test.ts": text }), [], text);
});

test("the tasks of the project run files that exist, and the project's check knows both guards", () => {
  const sources = projectSources();
  assert.ok(taskFiles().includes("scripts/ok.ts") && taskFiles().includes("tests/bench/bench.ts"));
  for (const path of taskFiles()) assert.ok(sources.has(path), path);
  const lost = new Map(sources).set("tests/stream/foo_tests.ts", 'test("it fails", () => {});\n');
  assert.equal(checkProject(lost).length, 1);
  const long = new Map(sources).set("tests/x_test.ts", "").set(
    "mod.ts",
    `export function f() {\n${"x;\n".repeat(69)}}\n`,
  );
  assert.ok(checkProject(long).includes("mod.ts:1: f has 71 lines; split it by what it does (70 are allowed)"));
});
