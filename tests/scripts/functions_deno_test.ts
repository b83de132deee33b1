/** Which functions the gate finds, and which are too long for it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { functionsOf } from "../../scripts/layers/functions.ts";
import { checkFunctions } from "../../scripts/layers/sizes.ts";

const typeScript: readonly (readonly [source: string, name: string, lines: number])[] = [
  ["function f(a: number): void {\n  a;\n}", "f", 3],
  ["export async function* f<T>(a: T) {\n  a;\n}", "f", 3],
  ["function f(\n  a: number,\n): { b: number } {\n  return { b: a };\n}", "f", 5],
  ["const f = (a: number): string => {\n  return `{ ${a} }`;\n};", "f", 3],
  ["const f = async (\n  a: number,\n) => {\n  a;\n};", "f", 5],
  ["const x = {\n  f: (a) => {\n    a;\n  },\n};", "f", 3],
  ["const x = {\n  f(a) {\n    a;\n  },\n};", "f", 3],
  ["class A {\n  constructor() {\n    a();\n  }\n}", "constructor", 3],
  ["class A {\n  static async #f<T>(): Promise<void> {\n    a();\n  }\n}", "#f", 3],
  ["class A {\n  *[Symbol.iterator]() {\n    yield 1;\n  }\n}", "[Symbol.iterator]", 3],
  ["class A {\n  get f(): number {\n    return 1;\n  }\n}", "f", 3],
  ["x.map((a) => {\n  return a;\n});", "a function", 3],
  ["function f() {\n  // }\n  const x = `\n}\n`;\n}", "f", 6],
  ["function f() {\n  if (a) {\n    b;\n  } else {\n    c;\n  }\n}", "f", 7],
];
for (const [source, name, lines] of typeScript) {
  test(`a function of TypeScript: ${JSON.stringify(source)}`, () => {
    assert.deepEqual(functionsOf("a.ts", source).map((found) => [found.name, found.lines]), [[name, lines]]);
  });
}

const zig: readonly (readonly [source: string, name: string, lines: number])[] = [
  ["fn f(a: u32) void {\n    _ = a;\n}", "f", 3],
  ["pub inline fn f(\n    comptime a: type,\n) !void {\n    // }\n    a();\n}", "f", 6],
  ["pub const A = struct {\n    fn f() void {\n        return;\n    }\n};", "f", 3],
  [
    "pub fn Of(comptime a: type) type {\n    return struct {\n        fn f() a {\n            x();\n        }\n    };\n}",
    "f",
    3,
  ],
  ["fn f() []const u8 {\n    return\n    \\\\}\n    ;\n}", "f", 5],
];
for (const [source, name, lines] of zig) {
  test(`a function of Zig: ${JSON.stringify(source)}`, () => {
    assert.deepEqual(functionsOf("a.zig", source).map((found) => [found.name, found.lines]), [[name, lines]]);
  });
}

test("what only looks like a function is none", () => {
  for (
    const source of [
      "if (a) {\n  b;\n}",
      "for (const a of b) {\n  c;\n}",
      "try {\n  a;\n} catch (error) {\n  b;\n}",
      "export interface A {\n  f(): void;\n}",
      "class A extends b(c) {\n  d = 1;\n}",
      "switch (a) {\n  case 1:\n}",
      "while (\n  a\n) {\n  b;\n}",
      '"function f() {\\n}"',
    ]
  ) assert.deepEqual(functionsOf("a.ts", source), [], source);
});

test("a function within a function is found, too", () => {
  const source = "function outer() {\n  const inner = () => {\n    a;\n  };\n}";
  assert.deepEqual(functionsOf("a.ts", source), [
    { name: "outer", line: 1, lines: 5 },
    { name: "inner", line: 2, lines: 3 },
  ]);
});

const long = (lines: number) => `\nfunction f() {\n${"  x;\n".repeat(lines - 2)}}\n`;
const longZig = (lines: number) => `fn f() void {\n${"    x();\n".repeat(lines - 2)}}\n`;

test("a function that grows too long is told; in tests it may be", () => {
  assert.deepEqual(checkFunctions(new Map([["src/a.ts", long(70)], ["zig/src/a.zig", longZig(70)]]), []), []);
  assert.deepEqual(checkFunctions(new Map([["src/a.ts", long(71)], ["zig/src/a.zig", longZig(150)]]), []), [
    "src/a.ts:2: f has 71 lines; split it by what it does (70 are allowed)",
    "zig/src/a.zig:1: f has 150 lines; split it by what it does (70 are allowed)",
  ]);
  const tests = ["tests/a_test.ts", "tests/support/a.ts", "zig/src/a_test.zig", "zig/src/ring/testing/a.zig"];
  for (const path of tests) {
    assert.deepEqual(checkFunctions(new Map([[path, path.endsWith(".ts") ? long(99) : longZig(99)]]), []), []);
  }
});

test("an exception has a limit, too, and is told where it is none any more", () => {
  const allowed = [{ path: "src/a.ts", name: "f", lines: 80, reason: "a hot loop" }];
  assert.deepEqual(checkFunctions(new Map([["src/a.ts", long(80)]]), allowed), []);
  assert.deepEqual(checkFunctions(new Map([["src/a.ts", long(81)]]), allowed), [
    "src/a.ts:2: f has 81 lines; split it by what it does (80 are allowed)",
  ]);
  assert.deepEqual(checkFunctions(new Map([["src/a.ts", long(70)]]), allowed), [
    "src/a.ts:1: f is short enough; take it out of scripts/layers/sizes.ts",
  ]);
});
