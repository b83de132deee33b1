/**
 * What brings a Gen3.1 from any state to a running stream, and stops it again.
 *
 * Values and order are those of OpenEB 5.1.1 (`gen31_evk3_issd.h`), whose traffic neuromorphic-drivers' sequence is a
 * capture of. As OpenEB does, some bits of 0x0000 are changed by reading it first.
 */

import { modify, read, type Step, wait, write, writeBlock } from "../../protocol/steps.ts";
import type { Gen31Configuration } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** Power-up of the sensor, one supply after the other, and the delays of its pins. */
const POWER_UP: readonly Step[] = [
  write(REGISTERS.atisControl, {}),
  write(REGISTERS.hostTrigger, {}),
  write(REGISTERS.hostTrigger, { softReset: 1 }),
  write(REGISTERS.atisControl, {}),
  write(REGISTERS.atisControl, {}),
  write(REGISTERS.atisControl, { softReset: 1 }),
  write(REGISTERS.atisControl, { softReset: 1, enableVddc: 1 }),
  write(REGISTERS.atisControl, { softReset: 1, enableVddc: 1, enableVddd: 1 }),
  write(REGISTERS.atisControl, { enableVddc: 1, enableVddd: 1 }),
  write(REGISTERS.atisControl, { enableVddc: 1, enableVddd: 1, masterMode: 1 }),
  writeBlock(REGISTERS.ioDelayValues, (index) => index === 0 ? 0x0801_0000 : 0),
  write(REGISTERS.sampleClockEdge, 0x003f_ffff),
  write(REGISTERS.ioDelayLoad, 0x00ff_ffff),
];

/** The MIPI link. */
const LINK: readonly Step<Gen31Configuration>[] = [
  write(REGISTERS.hostControl, { hostInterface: 1 }),
  write(REGISTERS.mipiControl, 0x0d),
  write(REGISTERS.atisControl, { enableVddc: 1, enableVddd: 1, masterMode: 1, remapBypass: 1 }),
  write(REGISTERS.atisControl, { enableVddc: 1, enableVddd: 1, masterMode: 1, remapBypass: 1 }),
  write(REGISTERS.sensorInterfaceControl, { clockEnable: 1 }),
  write(REGISTERS.mipiFramePeriod, ({ packetPeriodUs }) => ({ us: packetPeriodUs })),
  write(REGISTERS.mipiInterFrameTime, 16_000),
  write(REGISTERS.mipiPacketTimeout, { us: 504 }),
  write(REGISTERS.mipiPacketSize, 8_192),
];

/** Readout and bias generator. */
const READOUT: readonly Step[] = [
  write(REGISTERS.clockOutControl, { enable: 1 }),
  write(REGISTERS.roiControl, { tdEnable: 1, tdRstn: 1 }),
  write(REGISTERS.spareControl, 0x0000_0100),
  write(REGISTERS.globalControl, { biasEnable: 1 }),
  write(REGISTERS.globalControl, { biasEnable: 1, biasRstn: 1 }),
  write(REGISTERS.globalControl, { biasEnable: 1, biasRstn: 1, enable: 1 }),
  read(REGISTERS.chipId),
  write(REGISTERS.readoutBlockControl, 0x0014_0501),
  write(REGISTERS.readoutControl, 0x4002_0bff),
  write(REGISTERS.readoutControl, 0x4002_0bff),
  write(REGISTERS.readoutControl, 0x4002_03ff),
  write(REGISTERS.emReadoutControl, 0x4002_03ff),
  write(REGISTERS.emReadoutControl, 0x4002_03ff),
  write(REGISTERS.emReadoutControl, 0x4002_03ff),
  write(REGISTERS.spareControl, 0x1000_0100),
  write(REGISTERS.spareControl, 0x1000_0101),
];

/** Biases that are not to be changed; their effects are unknown. */
const INTERNAL_BIASES: readonly number[] = [
  [0x5903_e1b0, 0x5903_e1b0, 0x5900_629b, 0x5900_1ba9, 0x5901_4d8c, 0x790d_b770, 0x5901_4d8c, 0x5901_4dbe],
  [0x7900_2c3e, 0x7900_5436, 0x5916_6cb7, 0x7900_0000, 0x5900_00ff, 0x7100_002a, 0x7100_002f, 0x7100_0021],
  [0x5900_04ff, 0x5900_00ff, 0x5901_4dff],
].flat();

/**
 * The words of the biases with which OpenEB starts. They have codes in both fields, of which one is in use; those of
 * `biases.ts` have one.
 */
const BIASES: readonly Step[] = [
  writeBlock(REGISTERS.biasesInternal, (index) => INTERNAL_BIASES[index]!),
  write(REGISTERS.biasDiffOff, 0x7900_571e),
  write(REGISTERS.biasDiffOn, 0x7912_5c35),
  write(REGISTERS.biasDiff, 0x7902_ce29),
  write(REGISTERS.biasFo, 0x7100_3dd6),
  write(REGISTERS.biasPr, 0x5103_4fb1),
  write(REGISTERS.biasRefr, 0x5100_4fd4),
  write(REGISTERS.biasHpf, 0x5100_06d4),
  write(REGISTERS.biasInternal0368, 0x7100_0054),
];

/** From a sensor without power to one that is set up, with its pixels in reset. */
export const INIT: readonly Step<Gen31Configuration>[] = [
  ...POWER_UP,
  ...LINK,
  ...READOUT,
  ...BIASES,
  write(REGISTERS.clockOutControl, { enable: 1 }),
  write(REGISTERS.outOfRangeControl, { enable: 1 }),
  write(REGISTERS.roiControl, { tdEnable: 1 }),
  write(REGISTERS.roiControl, { tdEnable: 1 }),
  write(REGISTERS.tdRoiXDummy, 0),
  write(REGISTERS.tdRoiYDummy, 0),
  write(REGISTERS.roiControl, { tdEnable: 1, shadowTrigger: 1 }),
  // On until the burst of the start is over.
  write(REGISTERS.noiseFilterThreshold, { events: 0x3fff, periodUs: 10 }),
  write(REGISTERS.noiseFilterControl, { enable: 1 }),
];

/** Where the clock comes from, while the pixels are in reset. OpenEB changes the bits one after the other. */
export const CLOCK_STEP: Step<Gen31Configuration> = modify(REGISTERS.atisControl, ({ clock }) => ({
  masterMode: clock === "external" ? 0 : 1,
  useExternalStart: clock === "internal" ? 0 : 1,
}));

/** Analogue supply and resets one after another, then the pixels. The sensor begins with a burst of events. */
export const START: readonly Step[] = [
  modify(REGISTERS.atisControl, { enableVdda: 1 }),
  modify(REGISTERS.atisControl, { tdRstn: 1 }),
  modify(REGISTERS.atisControl, { emRstn: 1 }),
  write(REGISTERS.hostControl, { hostInterface: 1, stereoMerge: 1 }),
  write(REGISTERS.clockOutControl, { enable: 1 }),
  write(REGISTERS.roiControl, { tdEnable: 1, shadowTrigger: 1, tdRstn: 1 }),
  wait(250_000),
];

/** Pixels into reset, clock and supply off, from any state. */
export const STOP: readonly Step[] = [
  write(REGISTERS.roiControl, { tdEnable: 1, shadowTrigger: 1 }),
  write(REGISTERS.clockOutControl, {}),
  write(REGISTERS.hostControl, { hostInterface: 1 }),
  modify(REGISTERS.atisControl, { tdRstn: 0 }),
  modify(REGISTERS.atisControl, { enableVdda: 0 }),
];

/** What OpenEB calls destroy, the undoing of its initialisation. */
export const DESTROY: readonly Step[] = [
  write(REGISTERS.clockOutControl, {}),
  write(REGISTERS.sensorInterfaceControl, {}),
  write(REGISTERS.atisControl, 0x0008_110e),
  write(REGISTERS.atisControl, 0x0008_110c),
  write(REGISTERS.atisControl, 0x0008_1108),
  write(REGISTERS.hostTrigger, {}),
  write(REGISTERS.hostTrigger, { softReset: 1 }),
];
