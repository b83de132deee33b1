import assert from "node:assert/strict";
import { test } from "node:test";
import { columnMaskWord, rowMaskWord } from "../../../src/cameras/imx636/masks.ts";
import {
  describeAddress,
  fieldOf,
  type RegisterDefinition,
  REGISTERS,
  wordOf,
} from "../../../src/cameras/imx636/registers.ts";

const DEFINITIONS = Object.entries(REGISTERS) as [string, RegisterDefinition][];

test("registers do not overlap, and their names hold their addresses", () => {
  const owners = new Map<number, string>();
  for (const [name, { address, count = 1 }] of DEFINITIONS) {
    for (let index = 0; index < count; ++index) {
      assert.equal(owners.get(address + 4 * index), undefined, name);
      owners.set(address + 4 * index, name);
    }
    const inName = /(?:unknown|Reserved)([0-9A-F]{4})$/.exec(name);
    if (inName !== null) assert.equal(parseInt(inName[1]!, 16), address, name);
  }
});

test("the fields of a register overlap neither each other nor its reserved bits", () => {
  for (const [name, { base = 0, fields = {} }] of DEFINITIONS) {
    // Fields that the base presets (mipiControl, ...) would be added twice.
    let taken = BigInt(base);
    for (const [field, [lowest, highest]] of Object.entries(fields)) {
      assert.ok(0 <= lowest && lowest <= highest && highest <= 31, `${name}.${field}`);
      const bits = ((1n << BigInt(highest - lowest + 1)) - 1n) << BigInt(lowest);
      assert.equal(taken & bits, 0n, `${name}.${field}`);
      taken |= bits;
    }
  }
});

test("words are made of reserved bits and fields, and taken apart again", () => {
  assert.equal(wordOf("timeBaseCtrl", { enable: 1, primary: 1 }), 0x645);
  assert.equal(wordOf("digitalMaskPixel", { x: 1279, y: 719, valid: 1 }), 0x82cf_04ff);
  assert.equal(fieldOf("digitalMaskPixel", "x", 0x82cf_04ff), 1279);
  assert.equal(fieldOf("digitalMaskPixel", "y", 0x82cf_04ff), 719);
  assert.equal(fieldOf("digitalMaskPixel", "valid", 0x82cf_04ff), 1);
  assert.throws(() => wordOf("ercReferencePeriod", { periodUs: 1024 }), /periodUs: 1024 does not fit in bits 0 to 9/);
});

test("addresses are described by name and index", () => {
  assert.equal(describeAddress(0x9008), "timeBaseCtrl (0x9008)");
  assert.equal(describeAddress(0x67fc), "ercTDropLut[255] (0x67FC)");
  assert.equal(describeAddress(0x6800), "ercReserved6800[0] (0x6800)");
  assert.equal(describeAddress(0x9010), "0x9010");
  assert.equal(describeAddress(0x9009), "0x9009");
});

test("masks: bit b of word k stands for column or row 32 k + b", () => {
  const columns = new Uint8Array(1280);
  const rows = new Uint8Array(720);
  for (const index of [0, 31, 32, 700]) columns[index] = rows[index] = 1;
  const columnWords = Array.from({ length: 40 }, (_, index) => columnMaskWord(columns, index));
  const rowWords = Array.from({ length: 23 }, (_, index) => rowMaskWord(rows, index));
  assert.deepEqual(columnWords.slice(0, 2), [0x8000_0001, 1]);
  assert.deepEqual(rowWords.slice(0, 2), [0x8000_0001, 1]);
  assert.equal(rowWords[21], 1 << 28);
  // The bits beyond the last row are those of the reset, whatever is masked.
  assert.equal(rowWords[22], 0x00ff_0000);
  assert.equal(rowMaskWord(rows.fill(1), 22), 0x00ff_ffff);
  assert.equal(columnMaskWord(columns.fill(1), 39), 0xffff_ffff);
});
