import assert from "node:assert/strict";
import { test } from "node:test";
import { checkProject, projectSources } from "../../scripts/check_layers.ts";
import { checkLayers } from "../../scripts/layers/check.ts";

function check(sources: Record<string, string>): string[] {
  return checkLayers(new Map(Object.entries(sources)));
}

test("a house in order has no violations", () => {
  assert.deepEqual(
    check({
      "mod.ts": 'export { open } from "./src/devices/open.ts";\nexport type { Rect } from "./src/types.ts";\n',
      "src/types.ts": "export interface Rect {}\n",
      "src/devices/open.ts": 'import { join } from "node:path";\nimport { call } from "../native/native.ts";\n',
      "src/native/native.ts": 'export const call = async () => await import("../../ffi/deno.ts");\n',
      "ffi/deno.ts": 'export const library = Deno.dlopen("x", {});\n',
      "ffi/node.ts": 'export const koffi = await import("koffi");\n',
      "src/cli/demo.ts": 'import { open } from "../../mod.ts";\n',
      "scripts/demo.ts": 'import { demo } from "../src/cli/demo.ts";\n',
      "tests/demo_test.ts": 'import { x } from "../scripts/demo.ts";\n',
    }),
    [],
  );
});

test("an import across rooms is told with its line", () => {
  assert.deepEqual(
    check({
      "src/packets/packet.ts": '\nimport { x } from "../stream/stream.ts";\n',
      "src/stream/stream.ts": "export const x = 1;\n",
    }),
    ["src/packets/packet.ts:2: src/packets/ may not import src/stream/stream.ts"],
  );
});

test("only native may import ffi", () => {
  const sources = { "ffi/abi.ts": "export const x = 1;\n" };
  const text = 'import { x } from "../../ffi/abi.ts";\n';
  assert.equal(check({ ...sources, "src/native/native.ts": text }).length, 0);
  for (const room of ["usb", "packets", "decoder", "stream", "devices", "cli"]) {
    assert.deepEqual(check({ ...sources, [`src/${room}/a.ts`]: text }), [
      `src/${room}/a.ts:1: src/${room}/ may not import ffi/abi.ts`,
    ]);
  }
});

test("what a web page shall load names no node: module", () => {
  const text = 'import { setImmediate } from "node:timers";\n';
  assert.deepEqual(check({ "src/usb/settling.ts": text }), []);
  for (const [path, room] of [["src/protocol/run.ts", "src/protocol/"], ["src/checks.ts", "src/checks.ts"]] as const) {
    assert.deepEqual(check({ [path]: text }), [`${path}:1: imports node:timers; ${room} is for web pages, too`]);
  }
});

test("what a web page shall load needs nothing that it cannot load", () => {
  const sources = { "src/recording/file_sink.ts": "export const x = 1;\n", "src/packets/a.ts": "export {};\n" };
  const from = (text: string) => check({ ...sources, "src/recording/a.ts": text });
  assert.deepEqual(from('import { x } from "./file_sink.ts";\nimport "../packets/a.ts";\n'), [
    "src/recording/a.ts:1: imports src/recording/file_sink.ts, which web pages cannot load; " +
    "src/recording/ is for them, too",
  ]);
  assert.deepEqual(from('import type { X } from "./file_sink.ts";\nawait import("./file_sink.ts");\n'), []);
});

test("a board knows no sensor, and a sensor no board; a camera knows both", () => {
  const sources = { "src/cameras/treuzell/a.ts": "export {};\n", "src/cameras/imx636/b.ts": "export {};\n" };
  const imports = 'import "../treuzell/a.ts";\nimport "../imx636/b.ts";\n';
  assert.deepEqual(check({ ...sources, "src/cameras/prophesee_evk4/driver.ts": imports }), []);
  assert.deepEqual(check({ ...sources, "src/cameras/imx636/c.ts": imports }), [
    "src/cameras/imx636/c.ts:1: src/cameras/imx636/ may not import src/cameras/treuzell/a.ts",
  ]);
  assert.deepEqual(check({ ...sources, "src/cameras/treuzell/c.ts": imports }), [
    "src/cameras/treuzell/c.ts:2: src/cameras/treuzell/ may not import src/cameras/imx636/b.ts",
  ]);
});

test("the command line knows only what users know", () => {
  const sources = { "src/devices/open.ts": "export const open = 1;\n" };
  assert.deepEqual(check({ ...sources, "src/cli/demo.ts": 'import { open } from "../devices/open.ts";' }), [
    "src/cli/demo.ts:1: src/cli/ may not import src/devices/open.ts",
  ]);
});

test("every form of import is seen", () => {
  const forms = [
    'import "../scripts/x.ts";',
    'import * as x from "../scripts/x.ts";',
    'import x, { y } from "../scripts/x.ts";',
    'import {\n  y,\n  type Z,\n} from "../scripts/x.ts";',
    'import type { Z } from "../scripts/x.ts";',
    'export * from "../scripts/x.ts";',
    'export * as x from "../scripts/x.ts";',
    'export { y } from "../scripts/x.ts";',
    "export type { Z } from '../scripts/x.ts';",
    'const x = await import("../scripts/x.ts");',
    'type X = import("../scripts/x.ts").X;',
    'const x = `text ${await import("../scripts/x.ts")} text`;',
    'const x = /["]/.test(y); import "../scripts/x.ts";',
    'const x = 4 / 2; import "../scripts/x.ts"; const y = 4 / 2;',
    'const x = "\\""; import "../scripts/x.ts";',
  ];
  for (const form of forms) {
    const violations = check({ "ffi/a.ts": form, "scripts/x.ts": "export {};\n" });
    assert.deepEqual(violations, ["ffi/a.ts:1: ffi/ may not import scripts/x.ts"], form);
  }
});

test("text that only talks about imports and runtimes is no violation", () => {
  const texts = [
    '// import "../scripts/x.ts"; Deno',
    '/** import { x } from "../scripts/x.ts";\n * Deno.dlopen */',
    "const x = 'import \"../scripts/x.ts\" Deno';",
    'const x = `import "../scripts/x.ts"; ${1 + 1} Deno`;',
    'const x = /import "x" Deno/;',
    "const DenoLike = 1;",
    'export const from = "../scripts/x.ts";',
    "import.meta.url;",
  ];
  for (const text of texts) assert.deepEqual(check({ "src/packets/a.ts": text }), [], text);
});

test("a runtime may be named in ffi, scripts and tests only", () => {
  for (const text of ["Deno.exit();", "const x = globalThis.Deno;", "Bun.file(3);"]) {
    assert.deepEqual(check({ "src/stream/a.ts": `\n\n${text}` }), [
      "src/stream/a.ts:3: names a runtime; only ffi/, scripts/ and tests/ may",
    ]);
    for (const path of ["ffi/a.ts", "scripts/a.ts", "tests/a.ts"]) assert.deepEqual(check({ [path]: text }), []);
  }
  for (const name of ["koffi", "bun:ffi"]) {
    assert.deepEqual(check({ "src/native/a.ts": `await import("${name}");` }), [
      `src/native/a.ts:1: imports ${name}; only ffi/, scripts/ and tests/ may`,
    ]);
  }
});

test("nothing comes from the network or from an undeclared package", () => {
  for (const specifier of ["jsr:@std/assert", "https://deno.land/x/y.ts", "npm:koffi@3", "data:text/javascript,1"]) {
    assert.deepEqual(check({ "tests/a_test.ts": `import "${specifier}";` }), [
      `tests/a_test.ts:1: imports ${specifier}: the gate must run offline, on every runtime`,
    ]);
  }
  assert.deepEqual(check({ "tests/a_test.ts": 'import "left-pad";' }), [
    "tests/a_test.ts:1: imports left-pad, which is not a dependency of the project",
  ]);
});

test("cycles are told with their members", () => {
  assert.deepEqual(
    check({
      "src/usb/a.ts": 'import "./b.ts";',
      "src/usb/b.ts": 'import "./c.ts";',
      "src/usb/c.ts": 'export * from "./a.ts";',
    }),
    ["src/usb/a.ts:1: imports itself: src/usb/a.ts -> src/usb/b.ts -> src/usb/c.ts -> src/usb/a.ts"],
  );
});

test("types and imports at run time may go in a circle", () => {
  assert.deepEqual(
    check({
      "src/usb/a.ts": 'import type { B } from "./b.ts";',
      "src/usb/b.ts": 'import { a } from "./a.ts"; export type B = 1;',
      "src/usb/c.ts": 'const d = await import("./d.ts");',
      "src/usb/d.ts": 'import "./c.ts";',
    }),
    [],
  );
});

test("files without a room, missing files and computed names are violations", () => {
  assert.deepEqual(check({ "src/attic/a.ts": "" }), ["src/attic/a.ts:1: is in no room of scripts/layers/table.ts"]);
  assert.deepEqual(check({ "src/usb/a.ts": 'import "./b.ts";' }), [
    "src/usb/a.ts:1: imports ./b.ts, which is no module of the project",
  ]);
  assert.deepEqual(check({ "src/usb/a.ts": "await import(name);" }), [
    "src/usb/a.ts:1: imports a computed name, which cannot be checked",
  ]);
});

test("the project itself is in order", () => {
  const sources = projectSources();
  for (const ending of [".ts", ".zig"]) {
    const count = [...sources.keys()].filter((path) => path.endsWith(ending)).length;
    assert.ok(count > 100, `found only ${count} files that end in ${ending}`);
  }
  assert.deepEqual(checkProject(sources), []);
});
