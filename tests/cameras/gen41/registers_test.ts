import assert from "node:assert/strict";
import { test } from "node:test";
import { REGISTERS as GEN41 } from "../../../src/cameras/gen41/registers.ts";
import { REGISTERS as IMX636 } from "../../../src/cameras/imx636/registers.ts";
import { fieldOf, wordOf } from "../../../src/protocol/registers.ts";

test("registers that are not named for the Gen4.1 are those of the IMX636, and the others have their own words", () => {
  assert.equal(GEN41.tdRoiX, IMX636.tdRoiX);
  assert.equal(wordOf(GEN41.biasRefr, { idacCtl: 68 }), 0x01a9_cd44);
  assert.equal(wordOf(GEN41.biasFoN, {}), 0x0121_0000);
  assert.equal(wordOf(GEN41.adcControl, { enable: 1, clockEnable: 1, start: 1 }), 0x7147);
  assert.equal(wordOf(GEN41.digPad2Ctrl, { trigger: 0xf, sync: 0xc }), wordOf(IMX636.digPad2Ctrl, { sync: 0xc }));
  assert.equal(fieldOf(GEN41.refractoryCtrl, "counter", 0xf000_05dc), 0x1000_05dc);
});

test("the names of the Gen4.1's own registers hold their addresses", () => {
  for (const { name, address } of Object.values(GEN41)) {
    const inName = /unknown([0-9A-F]{4})$/.exec(name);
    if (inName !== null) assert.equal(parseInt(inName[1]!, 16), address, name);
  }
});
