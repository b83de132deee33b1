/**
 * What brings a production GenX320 up, and down again: words, order and delays of OpenEB 5.1.1 (`genx320mp_cx3_issd.h`).
 *
 * OpenEB's own delays are shorter: it rounds each down to whole milliseconds.
 */

import { modify, type Step, wait, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

/** From a sensor without supplies to one whose pixels do not work yet. */
export const MP_INIT: readonly Step[] = [
  write(REGISTERS.digSoftReset, 1),
  wait(10_000),
  write(REGISTERS.cpuSoftReset, 1),
  wait(10_000),
  write(REGISTERS.cpuSoftReset, 0),
  wait(10_000),
  write(REGISTERS.csiFrameCtrl, 0),
  write(REGISTERS.csiCtrl, 0x1000_c003),
  write(REGISTERS.edfOutputInterfaceControl, 0x2710),
  write(REGISTERS.edfExternalOutputAdapter, 0xffff),
  write(REGISTERS.sramInitn, 0x0020),
  write(REGISTERS.sramPd1, 0x00b8),
  write(REGISTERS.csiCtrl, 0x1000_c003),
  write(REGISTERS.csiCtrl, 0x1000_8803),
  write(REGISTERS.csiFrameBlanking, 0x8000_3e80),
  write(REGISTERS.bgenCtrl, 0x0030),
  wait(200),
  write(REGISTERS.biasDiffOn, 0x0101_0019),
  write(REGISTERS.biasDiffOnBank1, 0x0101_0019),
  write(REGISTERS.biasDiffOff, 0x0101_0015),
  write(REGISTERS.biasDiffOffBank1, 0x0101_0014),
  write(REGISTERS.biasPr, 0x0301_003d),
  write(REGISTERS.biasFo, 0x0301_0022),
  write(REGISTERS.biasFes, 0x0101_003f),
  write(REGISTERS.biasHpf, 0x0301_0028),
  write(REGISTERS.biasDiffOn, 0x0101_0019),
  write(REGISTERS.biasDiff, 0x0101_0033),
  write(REGISTERS.biasDiffOff, 0x0101_001c),
  write(REGISTERS.biasInv, 0x0101_0039),
  write(REGISTERS.biasRefr, 0x0309_000a),
  write(REGISTERS.biasInvp, 0x0301_0038),
  write(REGISTERS.biasReqPu, 0x0300_0074),
  write(REGISTERS.biasSmPdy, 0x0100_00a4),
  write(REGISTERS.bgenCtrl, 0x0035),
];

/** Link, time base and readout on, then the pixels. */
export const MP_START: readonly Step[] = [
  write(REGISTERS.csiCtrl, 0x1000_8803),
  write(REGISTERS.roLpCtrl, 0),
  modify(REGISTERS.timeBaseCtrl, { enable: 1 }),
  wait(1),
  write(REGISTERS.roTdCtrl, 0x0022_c724),
  write(REGISTERS.roiCtrl, 0x0c02),
  wait(1),
];

/** The same off, the pixels first. */
export const MP_STOP: readonly Step[] = [
  write(REGISTERS.roiCtrl, 0x0802),
  write(REGISTERS.roTdCtrl, 0x0020_0624),
  write(REGISTERS.roLpCtrl, 2),
  wait(1_000),
  modify(REGISTERS.timeBaseCtrl, { enable: 0 }),
  write(REGISTERS.csiCtrl, 0x1000_8804),
];

/** Supplies and clocks off. */
export const MP_DESTROY: readonly Step[] = [
  wait(1),
  write(REGISTERS.cpCtrl, 0x051c),
  write(REGISTERS.ldoHv, 0x0060_0054),
  write(REGISTERS.ldoLv, 0x0060_0084),
  write(REGISTERS.tempCtrl, 0x0080),
  write(REGISTERS.tempCtrl, 0x0080),
  write(REGISTERS.ldoPmu, 0x0013_601c),
  write(REGISTERS.ldoBg, 0x0004_0400),
  wait(1),
  write(REGISTERS.csiPower, 0x0013),
  write(REGISTERS.csiClkCtrl, 0x0102),
  write(REGISTERS.csiPower, 0x0010),
  write(REGISTERS.csiClkCtrl, 2),
  write(REGISTERS.ldoPmu, 0x0003_601c),
  write(REGISTERS.adcControl, 0x0020_4e20),
  write(REGISTERS.csiPower, 0),
  write(REGISTERS.ldoPmu, 0x0003_601c),
  write(REGISTERS.ldoBg, 0x0400),
  write(REGISTERS.sysClkCtrl, 0x0e75),
  write(REGISTERS.sysClkCtrl, 0x0e74),
  write(REGISTERS.pllCtrl, 0x0001_84a0),
];
