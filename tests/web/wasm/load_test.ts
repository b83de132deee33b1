/** Where the library's WebAssembly comes from, and what is said where it does not come. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createDecoder, decoderInfo } from "../../../mod.ts";
import { loadLibrary, provideLibrary } from "../../../src/native/library.ts";
import { loadNative } from "../../../src/native/native.ts";
import { hasVectors, useWebAssembly } from "../../../src/web/wasm/load.ts";
import type { WebAssemblySource } from "../../../src/web/wasm/module_source.ts";
import { moduleBytes } from "../../support/web_assembly_modules.ts";

const bytes = moduleBytes("neuromorphic_drivers");

after(() => provideLibrary(loadNative));

test("bytes, their buffer, a response and a compiled module are taken", async () => {
  const sources: WebAssemblySource[] = [bytes, bytes.buffer, new Response(bytes), await WebAssembly.compile(bytes)];
  for (const source of sources) {
    useWebAssembly(source);
    assert.equal((await decoderInfo()).kernel, "simd128");
    assert.equal(await loadLibrary(), await loadLibrary(), "loaded once");
  }
});

test("a decoder keeps the library that it was made with", async () => {
  useWebAssembly(bytes);
  using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  useWebAssembly(moduleBytes("neuromorphic_drivers_scalar"));
  const words = new Uint8Array(new Uint16Array([0x8001, 0x6007, 0x0064, 0x28c8]).buffer);
  assert.deepEqual([...decoder.decode(words)].map(({ polarityEvents }) => polarityEvents!.t[0]), [4103]);
  assert.equal((await decoderInfo()).kernel, "scalar");
});

test("anything else is a mistake of the caller", () => {
  for (const wrong of [undefined, null, 7, {}, [bytes]]) {
    assert.throws(() => useWebAssembly(wrong as unknown as URL), {
      name: "TypeError",
      message: /^source must be a URL/,
    });
  }
});

test("what cannot be fetched, is no module, is another one or of another version is an error that says so", async () => {
  const otherModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const failing: readonly [WebAssemblySource, RegExp][] = [
    [new Response("not here", { status: 404 }), /answers 404/],
    [new TextEncoder().encode("<html>"), /could not be loaded/],
    [otherModule, /is another module/],
    [new URL("http://127.0.0.1:1/a.wasm"), /from http:\/\/127\.0\.0\.1:1\/a\.wasm could not be loaded/],
  ];
  for (const [source, message] of failing) {
    useWebAssembly(source);
    await assert.rejects(loadLibrary(), { code: "native-library", operation: "load library", message });
  }
});

test("engines of today have vectors", () => {
  assert.ok(hasVectors());
});
