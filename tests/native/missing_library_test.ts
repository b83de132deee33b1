/** What a program sees where a library is missing or does not fit: each case in a process of its own. */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { libraryVariable, libusbVariable } from "../../ffi/locate.ts";
import { runChild } from "../support/child.ts";
import { echoLibraryPath, nativeLibraryPath } from "../support/libraries.ts";
import { runtime, test } from "../support/test.ts";

const child = new URL("load_child.ts", import.meta.url);

test("a missing native library: the path tried, and how to build it", {}, async () => {
  const { status, output } = await runChild(child, { environment: { [libraryVariable]: "/nowhere/nd.so" } });
  assert.equal(status, 0, output);
  assert.match(output, /^native-library in load the native library: the native library could not be loaded; tried/);
  assert.match(output, /\/nowhere\/nd\.so: missing \(.+\)\nBuild it with `deno task setup`, or set NEUROMORPHIC/);
});

test("a library that is not ours", {}, async () => {
  const { output } = await runChild(child, { environment: { [libraryVariable]: echoLibraryPath } });
  assert.match(output, /^native-library.*\n.*libneuromorphic_echo\S*: another version \(.*nd_/i);
});

test("a missing libusb: every path tried, the packages' names and the virtual camera", {}, async () => {
  const { output } = await runChild(child, {
    parameters: ["system"],
    environment: { [libusbVariable]: "/nowhere/libusb.so" },
  });
  assert.match(
    output,
    /^native-library in load libusb: libusb could not be loaded; tried\n {2}\/nowhere\/libusb\.so: missing/,
  );
  assert.match(output, /Install libusb|Put libusb/);
  assert.match(output, /NEUROMORPHIC_DRIVERS_LIBUSB.*\{ libusb: "virtual" \}/);
});

test("a libusb chosen by a path that is not one", {}, async () => {
  const { output } = await runChild(child, { parameters: [nativeLibraryPath] });
  assert.match(output, /^native-library in load libusb.*\n.*: another version \(.*libusb_/);
});

test("Node without koffi", { skip: runtime === "node" ? undefined : "only Node needs koffi" }, async () => {
  // A copy outside the project, from where no koffi is found.
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_"));
  try {
    for (const name of ["ffi", "src", "tests/native"]) {
      cpSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), join(folder, name), { recursive: true });
    }
    const { output } = await runChild(pathToFileURL(join(folder, "tests/native/load_child.ts")));
    assert.match(output, /^native-library in load koffi: koffi could not be loaded/);
    assert.match(output, /Node needs the package koffi with its binary.*: npm install --include=optional koffi/);
    // A package manager may leave out what is optional: koffi is there, and its binary is not.
    const koffi = join(folder, "node_modules", "koffi");
    mkdirSync(koffi, { recursive: true });
    writeFileSync(join(koffi, "package.json"), JSON.stringify({ name: "koffi", main: "index.cjs" }));
    writeFileSync(join(koffi, "index.cjs"), 'throw new Error("Cannot find the native Koffi module")');
    const { output: withoutBinary } = await runChild(pathToFileURL(join(folder, "tests/native/load_child.ts")));
    assert.match(
      withoutBinary,
      /koffi: missing \(Cannot find the native Koffi module\)\nNode needs.*--include=optional/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
