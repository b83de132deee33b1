/**
 * What brings an IMX636 from any state to a running stream, and stops it again: the parts that each camera with this
 * sensor puts in order.
 *
 * Values, order and waits are those of neuromorphic-drivers 0.16.1 and 0.18.1 (`devices/prophesee_evk4.rs`), which run
 * in the field; OpenEB's sequences (`imx636_evk3_issd.h`) are the same but for what is noted below. Neither says what
 * the unknown registers do.
 */

import { type Condition, type Step, wait, when, write } from "../../protocol/steps.ts";
import type { Imx636Features } from "./configuration.ts";
import { EVENT_FORMAT } from "./event_format.ts";
import { PACKET_PERIOD_STEP } from "./packet_period.ts";
import { REGISTERS } from "./registers.ts";

/** Pixels into reset, output off, time base and MIPI link stopped. */
export const STOP: readonly Step[] = [
  write(REGISTERS.roiCtrl, { tdEnable: 1, roniNEn: 1 }),
  write(REGISTERS.unknown002C, 0x0022_c324),
  write(REGISTERS.roCtrl, { outputDisable: 1 }),
  wait(1_000),
  write(REGISTERS.timeBaseCtrl, { primary: 1 }),
  write(REGISTERS.mipiControl, { csiEnable: 0 }),
  wait(300),
];

/** What OpenEB calls destroy, the undoing of its initialisation. Most of its registers are unknown. */
export const DESTROY: readonly Step[] = [
  write(REGISTERS.unknown0070, 0x0040_0008),
  write(REGISTERS.unknown006C, 0x0ee4_7114),
  wait(500),
  write(REGISTERS.unknownA00C, 0x0002_0400),
  wait(500),
  write(REGISTERS.unknownA010, 0x8068),
  wait(200),
  write(REGISTERS.unknown1104, 0),
  wait(200),
  write(REGISTERS.unknownA020, 0x50),
  wait(200),
  write(REGISTERS.unknownA004, 0x000b_0500),
  wait(200),
  write(REGISTERS.unknownA008, 0x2404),
  wait(200),
  write(REGISTERS.unknownA000, 0x000b_0500),
  write(REGISTERS.unknownB044, 0),
  write(REGISTERS.unknownB004, 0x0a),
  write(REGISTERS.unknownB040, 0x0e),
  write(REGISTERS.unknownB0C8, 0),
  write(REGISTERS.unknownB040, 0x06),
  write(REGISTERS.unknownB040, 0x04),
  write(REGISTERS.unknown0000, 0x4f00_6442),
  write(REGISTERS.unknown0000, 0x0f00_6442),
  write(REGISTERS.unknown00B8, 0x401),
  write(REGISTERS.unknown00B8, 0x400),
  write(REGISTERS.unknownB07C, 0),
];

/**
 * The waits are those of neuromorphic-drivers, 2.5 s in all. OpenEB's are as long and lie elsewhere: 1 s, 0.5 s, 1 s and
 * 300 µs after the first four writes.
 */
export const RESET: readonly Step[] = [
  write(REGISTERS.unknown001C, 1),
  write(REGISTERS.reset, 1),
  wait(1_000_000),
  write(REGISTERS.reset, 0),
  wait(500_000),
  write(REGISTERS.mipiControl, 0x158),
  wait(1_000_000),
  write(REGISTERS.unknownB044, 0),
  wait(300),
];

/** The MIPI link, among registers that are unknown. */
export const LINK: readonly Step<Imx636Features>[] = [
  write(REGISTERS.unknownB004, 0x0a),
  write(REGISTERS.unknownB040, 0),
  write(REGISTERS.unknownB0C8, 0),
  write(REGISTERS.unknownB040, 0),
  write(REGISTERS.unknownB040, 0),
  write(REGISTERS.unknown0000, 0x4f00_6442),
  write(REGISTERS.unknown0000, 0x0f00_6442),
  write(REGISTERS.unknown00B8, 0x400),
  write(REGISTERS.unknown00B8, 0x400),
  write(REGISTERS.unknownB07C, 0),
  write(REGISTERS.unknownB074, 0x02),
  write(REGISTERS.unknownB078, 0xa0),
  write(REGISTERS.unknown00C0, 0x110),
  write(REGISTERS.unknown00C0, 0x210),
  write(REGISTERS.unknownB120, 1),
  write(REGISTERS.unknownE120, 0),
  write(REGISTERS.unknownB068, 0x04),
  write(REGISTERS.unknownB07C, 0x01),
  wait(10),
  write(REGISTERS.unknownB07C, 0x03),
  wait(1_000),
  write(REGISTERS.unknown00B8, 0x401),
  write(REGISTERS.unknown00B8, 0x409),
  write(REGISTERS.unknown0000, 0x4f00_6442),
  write(REGISTERS.unknown0000, 0x4f00_644a),
  write(REGISTERS.unknownB080, 0x77),
  write(REGISTERS.unknownB084, 0x0f),
  write(REGISTERS.unknownB088, 0x37),
  write(REGISTERS.unknownB08C, 0x37),
  write(REGISTERS.unknownB090, 0xdf),
  write(REGISTERS.unknownB094, 0x57),
  write(REGISTERS.unknownB098, 0x37),
  write(REGISTERS.unknownB09C, 0x67),
  write(REGISTERS.unknownB0A0, 0x37),
  write(REGISTERS.unknownB0A4, 0x2f),
  write(REGISTERS.unknownB0AC, 0x28),
  write(REGISTERS.unknownB0CC, 0x01),
  write(REGISTERS.mipiControl, { csiEnable: 0 }),
  write(REGISTERS.unknownB004, 0x8a),
  write(REGISTERS.unknownB01C, 0x30),
  write(REGISTERS.mipiPacketSize, 8_192),
  write(REGISTERS.mipiLineBlanking, 255),
  write(REGISTERS.mipiFrameBlanking, 16_000),
  PACKET_PERIOD_STEP,
  write(REGISTERS.unknownA000, 0x000b_0501),
  wait(200),
  write(REGISTERS.unknownA008, 0x2405),
  wait(200),
  write(REGISTERS.unknownA004, 0x000b_0501),
  wait(200),
  write(REGISTERS.unknownA020, 0x150),
  wait(200),
  write(REGISTERS.unknownB040, 0x07),
  write(REGISTERS.unknownB064, 0x06),
  write(REGISTERS.unknownB040, 0x0f),
  wait(100),
  write(REGISTERS.unknownB004, 0x8a),
  wait(200),
  write(REGISTERS.unknownB0C8, 0x03),
  wait(200),
  write(REGISTERS.unknownB044, 0x01),
  write(REGISTERS.mipiControl, { csiEnable: 1 }),
];

/** Event formatter and readout; the pixels stay in reset. */
export const READOUT: readonly Step<Imx636Features>[] = [
  write(REGISTERS.unknown7008, 1),
  ...EVENT_FORMAT,
  write(REGISTERS.timeBaseCtrl, { primary: 1 }),
  write(REGISTERS.roiCtrl, { tdEnable: 1, roniNEn: 1 }),
  write(REGISTERS.spare0, 0x200),
  write(REGISTERS.biasDiff, { idacCtl: 0x4d, vdacCtl: 0x50 }),
  write(REGISTERS.roFsmCtrl, { readoutWait: 0 }),
  wait(1_000),
  write(REGISTERS.readoutCtrl, 0x200),
];

const isStandalone: Condition<Imx636Features> = ({ clock }) => clock === "internal";
const isPrimary: Condition<Imx636Features> = ({ clock }) => clock === "internal-with-output";
const isSecondary: Condition<Imx636Features> = ({ clock }) => clock === "external";

/** Output and clock, and what starts the sensor; last the pixels leave their reset. */
export const START_SENSOR: readonly Step<Imx636Features>[] = [
  // neuromorphic-drivers writes nothing where no output is wanted; but the reset has switched it on (register map).
  write(REGISTERS.roCtrl, ({ output }) => ({ outputDisable: output ? 0 : 1 })),
  ...when(isStandalone, write(REGISTERS.timeBaseCtrl, { enable: 1, primary: 1 })),
  ...when(
    isPrimary,
    write(REGISTERS.timeBaseCtrl, { external: 1, primary: 1, externalEnable: 1 }),
    write(REGISTERS.digPad2Ctrl, { sync: 0xc }),
    wait(1_000),
    write(REGISTERS.timeBaseCtrl, { enable: 1, external: 1, primary: 1, externalEnable: 1 }),
  ),
  ...when(
    isSecondary,
    write(REGISTERS.timeBaseCtrl, { enable: 1, external: 1, externalEnable: 1 }),
    write(REGISTERS.digPad2Ctrl, { sync: 0xf }),
  ),
  write(REGISTERS.unknown002C, 0x0022_c724),
  write(
    REGISTERS.roiCtrl,
    ({ masksEnabled, maskIntersectionOnly }) => ({
      tdEnable: masksEnabled ? 1 : 0,
      roniNEn: maskIntersectionOnly ? 0 : 1,
      tdRstn: 1,
    }),
  ),
];

/** Link and sensor. */
export const START: readonly Step<Imx636Features>[] = [
  write(REGISTERS.mipiControl, { csiEnable: 1 }),
  ...START_SENSOR,
];
