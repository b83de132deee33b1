import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeRegister,
  fieldOf,
  nameRegisters,
  registerAt,
  wordOf,
  wordWith,
} from "../../src/protocol/registers.ts";

const REGISTERS = nameRegisters({
  plain: { address: 0x10 },
  control: { address: 0x9008, base: 0x640, fields: { enable: [0, 0], mode: [12, 14], top: [31, 31] } },
  row: { address: 0x2000, count: 3 },
});
const { plain, control, row } = REGISTERS;

test("registers know their names, and cannot be changed", () => {
  assert.deepEqual(Object.values(REGISTERS).map(({ name }) => name), ["plain", "control", "row"]);
  assert.ok(Object.isFrozen(REGISTERS) && Object.isFrozen(control));
});

test("a word is the reserved bits and the named fields", () => {
  assert.equal(wordOf(plain, {}), 0);
  assert.equal(wordOf(control, {}), 0x640);
  assert.equal(wordOf(control, { enable: 1, mode: 5, top: 1 }), 0x8000_5641);
  assert.equal(fieldOf(control, "mode", 0x8000_5641), 5);
  assert.equal(fieldOf(control, "top", 0x8000_5641), 1);
  assert.equal(fieldOf(control, "top", 0x7fff_ffff), 0);
});

test("a word with other fields keeps all other bits, also those that no field has", () => {
  assert.equal(wordWith(control, 0xffff_ffff, { enable: 0, mode: 2 }), 0xffff_affe);
  assert.equal(wordWith(control, 0x1234_5678, { top: 1 }), 0x9234_5678);
  assert.equal(wordWith(control, 0x1234_5678, {}), 0x1234_5678);
});

test("a value that does not fit its field is named with its bits", () => {
  for (const mode of [8, -1, 0.5, NaN, Infinity]) {
    assert.throws(() => wordOf(control, { mode }), {
      name: "RangeError",
      message: `control.mode: ${mode} does not fit in bits 12 to 14`,
    });
  }
});

test("a field that a register does not have compiles nowhere, and is refused", () => {
  // @ts-expect-error: no such field
  assert.throws(() => wordOf(control, { enabel: 1 }), { name: "TypeError", message: 'control has no field "enabel"' });
  // @ts-expect-error: a register without fields
  assert.throws(() => wordOf(plain, { enable: 1 }), { message: 'plain has no field "enable"' });
  // @ts-expect-error: no such field
  assert.throws(() => fieldOf(control, "enabel", 0), { message: 'control has no field "enabel"' });
});

test("messages name registers by name, index and address", () => {
  assert.equal(describeRegister(control), "control (0x9008)");
  assert.equal(describeRegister(registerAt(row, 2)), "row[2] (0x2008)");
  assert.equal(describeRegister(plain), "plain (0x0010)");
});
