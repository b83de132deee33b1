import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkSizes } from "../../scripts/layers/sizes.ts";
import { checkZig } from "../../scripts/layers/zig_check.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { testRoots, zigRoots } from "../../scripts/layers/zig_table.ts";

/** Roots that reach nothing; a house needs all of them. */
const roots = Object.fromEntries(zigRoots.map((path) => [path, ""]));

function check(sources: Record<string, string>): string[] {
  return checkZig(new Map(Object.entries({ ...roots, ...sources })));
}

/** A root of tests that runs these files' tests and uses those. */
function rootOf(tests: readonly string[], uses: readonly string[] = []): Record<string, string> {
  const imports = (paths: readonly string[]) => paths.map((path) => `    _ = @import("${path}");\n`).join("");
  return { "zig/src/root.zig": `comptime {\n${imports(uses)}}\n\ntest {\n${imports(tests)}}\n` };
}

test("a house in order has no violations", () => {
  assert.deepEqual(
    check({
      ...rootOf(["ring/ring_test.zig"], ["api/stream_api.zig"]),
      "zig/src/abi.zig": "",
      "zig/src/api/stream_api.zig":
        'const std = @import("std");\nconst Ring = @import("../ring/ring.zig").Ring;\nvar r: Ring = 1;',
      "zig/src/ring/ring.zig":
        'const abi = @import("../abi.zig");\nconst slots = @import("slots.zig");\nvar x = abi.x + slots.x;',
      // Within a room files may go in a circle.
      "zig/src/ring/slots.zig": 'const ring = @import("ring.zig");\nvar x = ring.x;\ntest "x" {}\n',
      "zig/src/ring/ring_test.zig": 'test { _ = @import("testing/fake.zig"); _ = @import("../api/stream_api.zig"); }',
      "zig/src/ring/testing/fake.zig": 'pub const decoder = @import("../ring.zig");\n',
    }),
    [],
  );
});

test("an import across rooms is told with its line", () => {
  assert.deepEqual(
    check({
      ...rootOf([], ["system/clock.zig"]),
      "zig/src/system/clock.zig": '\nconst ring = @import("../ring/ring.zig");\nvar x = ring.x;',
      "zig/src/ring/ring.zig": "",
    }),
    ["zig/src/system/clock.zig:2: zig/src/system/ may not import zig/src/ring/ring.zig"],
  );
});

test("what is for tests is imported by tests only", () => {
  const sources = (source: string) => ({
    ...rootOf(["ring/ring.zig"], ["ring/ring.zig"]),
    "zig/src/ring/ring.zig": source,
    "zig/src/ring/testing/fake.zig": "",
  });
  assert.deepEqual(
    check(sources('test "a" {\n    if (x) {}\n    const fake = @import("testing/fake.zig");\n    fake.f();\n}')),
    [],
  );
  assert.deepEqual(
    check(sources('test "a" {\n    fake.f();\n}\nconst fake = @import("testing/fake.zig");')),
    ["zig/src/ring/ring.zig:4: imports zig/src/ring/testing/fake.zig outside of a test"],
  );
});

test("a test that no root of tests reaches is told, also in a file that is compiled", () => {
  const canary = { "zig/src/ring/canary_test.zig": '//! Fails.\ntest "canary" {\n    try expect(false);\n}\n' };
  assert.deepEqual(check(canary), [
    "zig/src/ring/canary_test.zig:1: no root of scripts/layers/zig_table.ts reaches it",
  ]);
  const tool = { "zig/src/bench_main.zig": 'const r = @import("tools/bench/r.zig");\nvar x = r.x;' };
  assert.deepEqual(check({ ...tool, "zig/src/tools/bench/r.zig": '\ntest "r" {}\n' }), [
    "zig/src/tools/bench/r.zig:2: no root of tests reaches its tests",
  ]);
  assert.deepEqual(check({ ...tool, "zig/src/tools/bench/r.zig": '// test "r" {}\nvar x = "test";\n' }), []);
});

test("a file that nothing reaches is told, also one that only a test reaches", () => {
  const dead = { "zig/src/ring/dead.zig": "" };
  const message = ["zig/src/ring/dead.zig:1: no root of scripts/layers/zig_table.ts reaches it"];
  assert.deepEqual(check(dead), message);
  assert.deepEqual(check({ ...rootOf(["ring/dead.zig"]), ...dead }), message);
  assert.deepEqual(check({ ...rootOf([], ["ring/dead.zig"]), ...dead }), []);
});

test("an import that is not used is told: Zig would leave its file out", () => {
  const file = { "zig/src/ring/slots.zig": "" };
  const root = (source: string) => check({ ...file, "zig/src/root.zig": source });
  const message = ["zig/src/root.zig:1: imports a file and does not use it"];
  assert.deepEqual(root('const slots = @import("ring/slots.zig");\n'), message);
  assert.deepEqual(root('const Slots = @import("ring/slots.zig").Slots; // Slots\n'), message);
  assert.deepEqual(root('const Slots = @import("ring/slots.zig").Slots;\nvar s: Slots = "";\n'), []);
  assert.deepEqual(root('pub const slots = @import("ring/slots.zig");\n'), []);
});

test("circles across rooms are told with their rooms", () => {
  // `decoder.zig` may import what is below it, and `output.zig` is a room below.
  const sources = {
    ...rootOf([], ["decoder/decoder.zig"]),
    "zig/src/decoder/decoder.zig": 'const o = @import("output.zig");\nvar x = o.x;',
    "zig/src/decoder/output.zig": 'const d = @import("decoder.zig");\nvar x = d.x;',
  };
  assert.deepEqual(check(sources), [
    "zig/src/decoder/output.zig:1: zig/src/decoder/output.zig may not import zig/src/decoder/decoder.zig",
    "zig/src/decoder/decoder.zig:1: rooms go in a circle: " +
    "zig/src/decoder/decoder.zig -> zig/src/decoder/output.zig -> zig/src/decoder/decoder.zig",
  ]);
});

test("missing files, roots that are imported and files without a room are violations", () => {
  assert.deepEqual(check({ "zig/src/root.zig": 'test { _ = @import("ring/no.zig"); _ = @import("rom_main.zig"); }' }), [
    "zig/src/root.zig:1: imports ring/no.zig, which is no file of the project",
    "zig/src/root.zig:1: imports zig/src/rom_main.zig, which is a root",
  ]);
  assert.deepEqual(check({ ...rootOf([], ["attic/a.zig"]), "zig/src/attic/a.zig": "" }), [
    "zig/src/attic/a.zig:1: is in no room of scripts/layers/zig_table.ts",
  ]);
});

test("text that only talks about imports is no import", () => {
  const texts = [
    '// @import("no.zig")',
    '//! test "x" {',
    'const x = "@import(\\"no.zig\\") // {";',
    'const x =\n    \\\\ @import("no.zig") {\n;',
    "const x = '\\'';const y = '{';",
    'const std = @import("std");',
  ];
  for (const text of texts) {
    const source = `test "t" {\n${text}\n}\nconst abi = @import("abi.zig");`;
    assert.deepEqual(check({ "zig/src/root.zig": source, "zig/src/abi.zig": "" }), [
      `zig/src/root.zig:${source.split("\n").length}: imports a file and does not use it`,
    ], text);
  }
});

test("the roots are those of zig/build.zig", () => {
  const build = readFileSync(join(projectDirectory, "zig", "build.zig"), "utf8");
  const built = new Set([...build.matchAll(/"(src\/\w+\.zig)"/g)].map(([, path]) => `zig/${path}`));
  assert.deepEqual([...built].sort(), [...zigRoots].sort());
  for (const path of testRoots) assert.ok(zigRoots.includes(path), path);
});

test("a file that grows too long is told, and so is an exception that is none any more", () => {
  const sources = new Map([["src/long.ts", "x\n".repeat(351)], ["src/table.ts", "x\n".repeat(400)], [
    "src/a.ts",
    "x\n",
  ]]);
  const exception = (path: string, lines: number) => ({ path, lines, reason: "a table" });
  assert.deepEqual(checkSizes(sources, [exception("src/table.ts", 400)]), [
    "src/long.ts:351: has 351 lines; split it by subject (350 are allowed)",
  ]);
  assert.deepEqual(checkSizes(sources, [exception("src/table.ts", 399), exception("src/long.ts", 400)]), [
    "src/table.ts:400: has 400 lines; split it by subject (399 are allowed)",
  ]);
  assert.deepEqual(checkSizes(new Map([["src/a.ts", "x\n"]]), [exception("src/a.ts", 400)]), [
    "src/a.ts:1: is short enough; take it out of scripts/layers/sizes.ts",
  ]);
});
