/** What the npm package consists of, and what tools that check packages say of it. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { test } from "node:test";
import { runOrThrow } from "../../scripts/commands.ts";
import { readModule } from "../../scripts/layers/imports.ts";
import { bundleFolder, bundleName } from "../../scripts/packages/bundle_npm.ts";
import { bytesIn } from "../../scripts/packages/files.ts";
import { stageJsrPackage } from "../../scripts/packages/jsr.ts";
import { builtPlaces, entryPoints, otherFiles } from "../../scripts/packages/npm_table.ts";
import { reachedSources } from "../../scripts/packages/sources.ts";
import { webFiles } from "../../scripts/packages/web_files.ts";
import { getEsbuild } from "../../scripts/setup/esbuild.ts";
import { firstScript } from "./first_script.ts";
import { startRegistry } from "./registry.ts";
import { entriesOf } from "./tarballs.ts";
import { skip, workbenchForTests } from "./open_for_tests.ts";
import type { User } from "./workbench.ts";

const bench = workbenchForTests();

/** The files of the package by their paths. */
function packedFiles(): Map<string, string> {
  return new Map([...entriesOf(bench().npm.bytes)].map(([path, content]) => {
    return [path.replace(/^package\//, ""), new TextDecoder().decode(content)];
  }));
}

test("each file is there for a reason, and none is missing", { skip }, async () => {
  const sources = reachedSources(entryPoints.map(({ source }) => source));
  const others = [...(await webFiles(sources)).keys()].map((path) => `esm/${path}`);
  const modules = [...sources.keys()]
    .flatMap((source) => Object.values(builtPlaces(source)).map((path) => path.slice("./".length)));
  const wanted = [...modules, ...others, ...otherFiles, "package.json"].sort();
  const paths = [...packedFiles().keys()].sort();
  const isOfBundle = (path: string) => path.startsWith(`esm/${bundleFolder}/`);
  assert.deepEqual(paths.filter((path) => !isOfBundle(path)), wanted);
  assert.deepEqual(unreached(paths.filter(isOfBundle)), []);
});

/** Files of the bundle that its entry does not load, also not later. */
function unreached(bundle: readonly string[]): string[] {
  const files = packedFiles();
  const reached = new Set([`esm/${bundleName}`]);
  for (const path of reached) { // grows while it is walked
    for (const { specifier } of readModule(files.get(path)!).imports) {
      if (specifier?.startsWith("./")) reached.add(posix.join(posix.dirname(path), specifier));
    }
  }
  return bundle.filter((path) => !reached.has(path));
}

/** What a module that has types only is compiled to: a comment, and nothing exported. */
function hasNoCode(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes).replace(/\/\*\*.*?\*\//s, "").trim();
  return text === "" || text === "export {};";
}

test("no file is in a package twice, but for modules that have types only", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_twice_"));
  try {
    const jsr = bytesIn(await stageJsrPackage(join(folder, "jsr")));
    for (const files of [entriesOf(bench().npm.bytes), jsr]) {
      const paths = new Map<string, string>();
      for (const [path, bytes] of files) {
        if (hasNoCode(bytes)) continue;
        const hash = createHash("sha256").update(bytes).digest("hex");
        assert.equal(paths.get(hash), undefined, path);
        paths.set(hash, path);
      }
      assert.equal([...paths.values()].filter((path) => path.endsWith(".wasm")).length, 3);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the page's list names each of its files where it is in the package", { skip }, () => {
  const files = packedFiles();
  const list = JSON.parse(files.get("esm/viewer/files.json")!);
  assert.deepEqual(Object.keys(list.elsewhere).map((path) => posix.extname(path)), [".wasm", ".wasm", ".wasm"]);
  for (const path of list.files) {
    assert.ok(files.has(posix.join("esm/viewer", list.elsewhere[path] ?? path)), path);
  }
});

test("what package.json names is there; commands are programs for Node", { skip }, () => {
  const files = packedFiles();
  const { exports, main, types, bin = {} } = JSON.parse(files.get("package.json")!);
  const named = Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target as object)
  );
  for (const path of [...named, main, types]) assert.ok(files.has(path.slice("./".length)), path);
  for (const path of Object.values<string>(bin)) assert.match(files.get(path) ?? "", /^#!\/usr\/bin\/env node\n/, path);
  assert.deepEqual(Object.keys(bin), entryPoints.flatMap(({ command }) => command ?? []));
});

test("modules import what is there, built-in modules and dependencies", { skip }, () => {
  const files = packedFiles();
  const { dependencies } = JSON.parse(files.get("package.json")!);
  for (const [path, content] of files) {
    if (!/\.(js|d\.ts)$/.test(path)) continue;
    for (const { specifier = "a computed name" } of readModule(content).imports) {
      const isThere = specifier.startsWith(".")
        ? files.has(posix.join(posix.dirname(path), specifier))
        : specifier.startsWith("node:") || specifier in dependencies;
      assert.ok(isThere, `${path} imports ${specifier}`);
    }
    assert.doesNotMatch(content, /from "@neuromorphic\/drivers"/, path);
  }
});

/** A page of a user's own. */
const page = `
import { createDecoder, open, requestDevice } from "neuromorphic-drivers/web";
document.querySelector("button").onclick = async () => {
  const usbDevice = await requestDevice();
  if (usbDevice === undefined) return;
  const device = await open(usbDevice);
  for await (const { packet } of device) console.log(packet.polarityEvents);
};
console.log(createDecoder);
`;

test("a bundler for browsers takes the module for pages: without a module of node, with WebAssembly as files", {
  skip,
}, async () => {
  const user = bench().user("node");
  await user.run("npm init -y && npm install neuromorphic-drivers");
  user.write("page.mjs", page);
  user.write("wasm.mjs", 'export { default } from "neuromorphic-drivers/neuromorphic_virtual_camera.wasm";\n');
  // Run by this process: the user's folder is what is tested, and not the user's bundler.
  const esbuild = await getEsbuild();
  const options = ["--bundle", "--format=esm", "--platform=browser", "--outdir=bundle", "--loader:.wasm=file"];
  const directory = { directory: user.folder };
  await runOrThrow(esbuild, ["page.mjs", "wasm.mjs", "--log-level=warning", ...options], directory);
  const bundled = readFileSync(join(user.folder, "bundle", "page.js"), "utf8");
  assert.doesNotMatch(bundled, /(from|import)\s*\(?["']node:|\brequire\(|koffi/);
  assert.match(bundled, /new URL\("\.\/neuromorphic_drivers\.wasm", import\.meta\.url\)/);
  assert.match(readFileSync(join(user.folder, "bundle", "wasm.js"), "utf8"), /neuromorphic_virtual_camera-\w+\.wasm/);
});

test("npm publishes it without a correction", { skip }, async () => {
  const user = bench().user("node");
  const empty = await startRegistry([]);
  try {
    // From a folder: npm corrects no tarball.
    for (const [path, content] of entriesOf(bench().npm.bytes)) {
      mkdirSync(join(user.folder, dirname(path)), { recursive: true });
      writeFileSync(join(user.folder, path), content);
    }
    const output = await user.run(`npm publish --dry-run --registry ${empty.url} ./package`);
    assert.match(output, /^npm notice name: neuromorphic-drivers$/m);
    const warnings = output.match(/^npm warn.*$/gm) ?? [];
    assert.deepEqual(warnings.filter((line) => !line.includes("requires you to be logged in")), []);
  } finally {
    await empty.close();
  }
});

test("publint and Are The Types Wrong find nothing, for ES modules alone", { skip }, async () => {
  const user = bench().user("node");
  await user.run("npm init -y && npm install publint @arethetypeswrong/core");
  user.write("check.mjs", checks);
  const { publint, types } = JSON.parse(await user.run(`node check.mjs "${bench().npm.path}"`));
  assert.deepEqual(publint, []);
  assert.deepEqual(types, []);
});

/** `require` of Node 24 takes ES modules, so what is said of it by tools that do not know that is left out. */
const checks = `
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";

const bytes = readFileSync(process.argv[2]);
const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const { messages } = await publint({ pack: { tarball }, level: "suggestion", strict: true });
// WebAssembly is a file, without types.
const options = { excludeEntrypoints: [/\\.wasm$/] };
const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), options);
const types = problems.filter(({ resolutionKind }) => !["node10", "node16-cjs"].includes(resolutionKind));
console.log(JSON.stringify({ publint: messages, types }));
`;

/** Where the types were missing, TypeScript would see no mistake, and tell so. */
const mistake = '// @ts-expect-error: a word that is none\nawait open({ libsub: "virtual" });\n';

/** A user's TypeScript project with the README's first script. */
async function typeScriptProject(...packages: string[]): Promise<User> {
  const user = bench().user("node");
  await user.run(
    `npm init -y && npm pkg set type=module && npm install neuromorphic-drivers typescript ${packages.join(" ")}`,
  );
  user.write("first.ts", `${firstScript("neuromorphic-drivers")}\n${mistake}`);
  return user;
}

/** With the checks that most projects turn off, of the types of packages too. */
const strict = "--noEmit --strict --skipLibCheck false --exactOptionalPropertyTypes --noUncheckedIndexedAccess";

test("TypeScript takes the types with those of Node alone", { skip }, async () => {
  const user = await typeScriptProject("@types/node");
  const options = `${strict} --target es2024 --lib esnext --types node first.ts`;
  await user.run(`npx tsc ${options} --module nodenext`);
  await user.run(`npx tsc ${options} --module esnext --moduleResolution bundler`);
});

test("TypeScript takes the types with those of web pages alone", { skip }, async () => {
  const user = await typeScriptProject();
  await user.run(
    `npx tsc ${strict} --target es2024 --lib esnext,dom --module esnext --moduleResolution bundler first.ts`,
  );
});
