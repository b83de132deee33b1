/**
 * Registers of the Prophesee Gen4.1 that the bring-up touches.
 *
 * Its register map is that of the IMX636, its successor, but for what stands here. Names and bit fields are those of
 * OpenEB 5.1.1 (`register_maps/gen41_registermap.h`), or, where that map is silent, those of neuromorphic-drivers
 * 0.18.1 (`devices/prophesee_evk3_hd.rs`). What neither documents is called `unknown` with its address.
 */

import { nameRegisters } from "../../protocol/registers.ts";
import { REGISTERS as IMX636_REGISTERS } from "../imx636/registers.ts";

/** An 8-bit current DAC code, under control bits that differ from bias to bias. */
const bias = { fields: { idacCtl: [0, 7] } } as const;

const DIFFERENT = nameRegisters({
  unknown0008: { address: 0x0008 },
  // The counter has a bit more than that of the IMX636.
  refractoryCtrl: {
    address: 0x0020,
    fields: { counter: [0, 28], valid: [29, 29], counterEnable: [30, 30], enable: [31, 31] },
  },
  // trigger 0xF: the trigger pad is an input. sync as in the IMX636.
  digPad2Ctrl: { address: 0x0044, base: 0xccf0_0ccf, fields: { trigger: [12, 15], sync: [16, 19] } },
  adcControl: { address: 0x004c, base: 0x7140, fields: { enable: [0, 0], clockEnable: [1, 1], start: [2, 2] } },
  tempCtrl: { address: 0x005c, base: 0x0080, fields: { bufferCalibration: [0, 0], bufferEnable: [1, 1] } },
  unknown0064: { address: 0x0064 },

  // Control bits: neuromorphic-drivers, and OpenEB's initialisation, which writes the same words.
  biasPr: { address: 0x1000, base: 0x01a1_c400, ...bias },
  biasFo: { address: 0x1004, base: 0x01a1_e800, ...bias },
  biasFoN: { address: 0x1008, base: 0x0121_0000, ...bias },
  biasHpf: { address: 0x100c, base: 0x01a1_ff00, ...bias },
  biasDiffOn: { address: 0x1010, base: 0x01a1_6300, ...bias },
  biasDiff: { address: 0x1014, base: 0x01a1_5000, ...bias },
  biasDiffOff: { address: 0x1018, base: 0x01a1_3700, ...bias },
  biasRefr: { address: 0x1020, base: 0x01a9_cd00, ...bias },
  biasReqpuy: { address: 0x1040, base: 0x01a9_8a00, ...bias },
  biasBlk: { address: 0x104c, base: 0x01a1_9200, ...bias },
  bgenCtrl: { address: 0x1100 },

  // csiEnable as neuromorphic-drivers writes it. OpenEB sets bit 0 only; what bit 2 does is unknown.
  mipiControl: { address: 0xb000, base: 0x2d8, fields: { csiEnable: [0, 2] } },
});

export const REGISTERS: Omit<typeof IMX636_REGISTERS, keyof typeof DIFFERENT> & typeof DIFFERENT = Object.freeze({
  ...IMX636_REGISTERS,
  ...DIFFERENT,
});
