import assert from "node:assert/strict";
import { test } from "node:test";
import { type Library, loadLibrary, provideLibrary } from "../../src/native/library.ts";
import { loadNative } from "../../src/native/native.ts";

test("the native module provides the native library, and the last to provide one stays", async () => {
  assert.equal(await loadLibrary(), await loadNative());
  const other = {} as Library;
  provideLibrary(() => Promise.resolve(other));
  try {
    assert.equal(await loadLibrary(), other);
  } finally {
    provideLibrary(loadNative);
  }
  assert.equal(await loadLibrary(), await loadNative());
});

test("where loading fails, the next call asks again", async () => {
  let calls = 0;
  provideLibrary(() => Promise.reject(new Error(`call ${++calls}`)));
  try {
    await assert.rejects(loadLibrary(), { message: "call 1" });
    await assert.rejects(loadLibrary(), { message: "call 2" });
  } finally {
    provideLibrary(loadNative);
  }
});
