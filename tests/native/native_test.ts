import assert from "node:assert/strict";
import { nativeSymbols } from "../../ffi/symbols.ts";
import { NeuromorphicError } from "../../src/errors.ts";
import { createNative, loadNative } from "../../src/native/native.ts";
import { howToInstall, howToReplace } from "../../src/native/open_library.ts";
import { readNativeText } from "../../src/native/text.ts";
import { version } from "../../src/version.ts";
import { nativeLibraryPath } from "../support/libraries.ts";
import { test } from "../support/test.ts";

const native = await loadNative();

test("the library is loaded once, and knows where from", {}, async () => {
  assert.equal(await loadNative(), native);
  assert.equal(native.path, nativeLibraryPath);
});

test("native memory is copied; nothing lies at address 0", {}, () => {
  const written = new Uint8Array(64);
  const length = native.check(native.symbols.nd_abi_layout(written, written.length), "describe interface");
  assert.ok(length > written.length, "the layout is long, and was cut");
  assert.equal(native.copyMemory(0n, 0).length, 0);
  assert.throws(() => native.copyMemory(0n, 1), { name: "NeuromorphicError", code: "native-library" });
});

test("check works without its object", {}, () => {
  const { check } = native;
  assert.equal(check(2, "wait"), 2);
  assert.throws(() => check(native.symbols.nd_stream_close(0), "close stream"), { code: "closed" });
});

test("a library of another version is refused", {}, () => {
  const { symbols } = native.adapter.openLibrary(nativeLibraryPath, nativeSymbols);
  const place = { path: "/old.so" };
  const old = { library: { ...place, symbols: { ...symbols, nd_abi_version: () => 0 } }, place };
  assert.throws(() => createNative(native.adapter, old), (error) => {
    assert.ok(error instanceof NeuromorphicError);
    assert.equal(error.code, "native-library");
    assert.match(error.message, /\/old\.so has interface version 0, but \d+ is needed\. .*deno task setup/);
    return true;
  });
});

test("what to type where the library does not fit: in a clone, and for each runtime's package", {}, () => {
  assert.match(howToInstall("node", true), /deno task setup/);
  assert.ok(howToInstall("node", false).endsWith(`npm install neuromorphic-drivers-native@${version}`));
  assert.ok(howToInstall("bun", false).endsWith(`bun add neuromorphic-drivers-native@${version}`));
  assert.ok(howToInstall("deno", false).endsWith(`deno cache --reload npm:neuromorphic-drivers-native@${version}`));
});

test("an altered library is replaced by what each package manager needs for it", {}, () => {
  const path = "/app/node_modules/neuromorphic-drivers-native/linux-x64/libneuromorphic_drivers.so";
  assert.equal(
    howToReplace("node", path),
    "Remove the folder /app/node_modules/neuromorphic-drivers-native and install it again: npm install",
  );
  assert.equal(howToReplace("bun", path), "Install it again: bun pm cache rm && bun install --force");
  assert.equal(howToReplace("deno", path), howToInstall("deno", false));
});

test("text longer than the first buffer is read whole", {}, () => {
  const text = "é".repeat(5000);
  const bytes = new TextEncoder().encode(text);
  const calls: number[] = [];
  const read = readNativeText((output, capacity) => {
    calls.push(capacity);
    output.set(bytes.subarray(0, capacity));
    return bytes.length;
  }, "describe");
  assert.equal(read, text);
  assert.deepEqual(calls, [4096, 10_000]);
  assert.throws(() => readNativeText(() => -8, "describe"), { code: "unsupported" });
});
