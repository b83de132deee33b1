import assert from "node:assert/strict";
import { test } from "node:test";
import { columnMaskWord, rowMaskWord } from "../../../src/cameras/imx636/masks.ts";

test("masks: bit b of word k stands for column or row 32 k + b", () => {
  const columns = new Uint8Array(1280);
  const rows = new Uint8Array(720);
  for (const index of [0, 31, 32, 700]) columns[index] = rows[index] = 1;
  const columnWords = Array.from({ length: 40 }, (_, index) => columnMaskWord(columns, index));
  const rowWords = Array.from({ length: 23 }, (_, index) => rowMaskWord(rows, index));
  assert.deepEqual(columnWords.slice(0, 2), [0x8000_0001, 1]);
  assert.deepEqual(rowWords.slice(0, 2), [0x8000_0001, 1]);
  assert.equal(rowWords[21], 1 << 28);
  // The bits beyond the last row are those of the reset under any mask.
  assert.equal(rowWords[22], 0x00ff_0000);
  assert.equal(rowMaskWord(rows.fill(1), 22), 0x00ff_ffff);
  assert.equal(columnMaskWord(columns.fill(1), 39), 0xffff_ffff);
});
