import assert from "node:assert/strict";
import { test } from "node:test";
import { xxh64 } from "../../src/recording/xxh64.ts";

/** Hashes of the first bytes of {@link sample}, as Zig's standard library makes them. */
const hashes: readonly (readonly [length: number, hash: string])[] = [
  [0, "ef46db3751d8e999"],
  [1, "e934a84adb052768"],
  [3, "9ff70a635a6209ab"],
  [4, "ae5acdc00a55ac41"],
  [7, "d734a6b26f3da63e"],
  [8, "87116b3365b924eb"],
  [15, "03ff36d0e0b436db"],
  [31, "f78c1ce7c4912b21"],
  [32, "613ab3aebca0263c"],
  [33, "d91e0b8c7b5408af"],
  [63, "a8a1d81db5cbee19"],
  [64, "d1ffe5fb5b260ea6"],
  [101, "cac865b3e098743e"],
  [4096, "8f2814b4cc367f8c"],
];

const sample = Uint8Array.from({ length: 4096 }, (_, index) => index * 7 + (index >> 3));

test("hashes of all kinds of lengths are those of another implementation", () => {
  for (const [length, hash] of hashes) assert.equal(xxh64(sample.subarray(0, length)), hash, `${length} bytes`);
  // Of the specification's own tools.
  assert.equal(xxh64(new TextEncoder().encode("a")), "d24ec4f1a98c6e5b");
  assert.equal(xxh64(new TextEncoder().encode("abc")), "44bc2cf5ad770999");
});

test("bytes may begin anywhere in their buffer", () => {
  for (let offset = 0; offset < 9; offset++) {
    const moved = new Uint8Array(4096 + offset);
    moved.set(sample, offset);
    assert.equal(xxh64(moved.subarray(offset)), hashes.at(-1)![1]);
  }
});
