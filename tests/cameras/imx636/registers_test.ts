import assert from "node:assert/strict";
import { test } from "node:test";
import { REGISTERS } from "../../../src/cameras/imx636/registers.ts";
import { fieldOf, type Register, wordOf } from "../../../src/protocol/registers.ts";

const ALL: readonly Register[] = Object.values(REGISTERS);

test("registers do not overlap, and their names hold their addresses", () => {
  const owners = new Map<number, string>();
  for (const { name, address, count = 1 } of ALL) {
    for (let index = 0; index < count; ++index) {
      assert.equal(owners.get(address + 4 * index), undefined, name);
      owners.set(address + 4 * index, name);
    }
    const inName = /(?:unknown|Reserved)([0-9A-F]{4})$/.exec(name);
    if (inName !== null) assert.equal(parseInt(inName[1]!, 16), address, name);
  }
});

test("the fields of a register overlap neither each other nor its reserved bits", () => {
  for (const { name, base = 0, fields = {} } of ALL) {
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
  const { timeBaseCtrl, digitalMaskPixel } = REGISTERS;
  assert.equal(wordOf(timeBaseCtrl, { enable: 1, primary: 1 }), 0x645);
  assert.equal(wordOf(digitalMaskPixel, { x: 1279, y: 719, valid: 1 }), 0x82cf_04ff);
  assert.equal(fieldOf(digitalMaskPixel, "x", 0x82cf_04ff), 1279);
  assert.equal(fieldOf(digitalMaskPixel, "y", 0x82cf_04ff), 719);
  assert.equal(fieldOf(digitalMaskPixel, "valid", 0x82cf_04ff), 1);
});
