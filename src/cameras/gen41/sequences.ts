/**
 * What brings a Gen4.1 from any state to a running stream, and stops it again.
 *
 * Values and order are those of neuromorphic-drivers 0.18.1 (`devices/prophesee_evk3_hd.rs`), which has them from the
 * USB traffic of Prophesee's program. It waits in the shutdown only; the waits of the bring-up are those of OpenEB 5.1.1
 * (`gen41_evk3_issd.h`) after the same registers. Neither says what the unknown registers do.
 */

import { type Step, wait, write } from "../../protocol/steps.ts";
import type { Imx636Features } from "../imx636/configuration.ts";
import { EVENT_FORMAT } from "../imx636/event_format.ts";
import { PACKET_PERIOD_STEP } from "../imx636/packet_period.ts";
import { START_SENSOR } from "../imx636/sequences.ts";
import { REGISTERS } from "./registers.ts";

/** Clocks and the MIPI link, among registers that are unknown; the filters are bypassed. */
export const DIGITAL: readonly Step<Imx636Features>[] = [
  write(REGISTERS.unknown7008, 1),
  write(REGISTERS.edfPipelineControl, 0xffff_0001),
  write(REGISTERS.eoiReserved8000, 0x0001_e085),
  write(REGISTERS.timeBaseCtrl, { primary: 1 }),
  write(REGISTERS.unknown0064, 1),
  write(REGISTERS.unknownB074, 0x02),
  write(REGISTERS.unknownB078, 0xa0),
  write(REGISTERS.unknown0000, 0x1000_6442),
  write(REGISTERS.unknown0000, 0x1000_1442),
  write(REGISTERS.unknown0000, 0x1000_1442),
  write(REGISTERS.unknownB068, 0x04),
  write(REGISTERS.unknownB07C, 0x03),
  wait(1_000),
  write(REGISTERS.unknown0000, 0x5000_1442),
  write(REGISTERS.unknown0000, 0x5000_144a),
  write(REGISTERS.unknown0000, 0x5000_140a),
  write(REGISTERS.unknown0000, 0x5000_640a),
  write(REGISTERS.unknown0000, 0x5000_644a),
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
  write(REGISTERS.unknownB040, 0x07),
  write(REGISTERS.unknownA000, 0xa1),
  wait(200),
  write(REGISTERS.unknownA008, 0x2401),
  wait(200),
  write(REGISTERS.unknownA004, 0xa1),
  wait(200),
  write(REGISTERS.unknownA020, 0x160),
  wait(200),
  write(REGISTERS.unknownB040, 0x0f),
  write(REGISTERS.unknownB004, 0x8a),
  wait(200),
  write(REGISTERS.unknownB0C8, 0x03),
  wait(200),
  write(REGISTERS.unknownB044, 0x01),
  write(REGISTERS.mipiControl, { csiEnable: 5 }),
  write(REGISTERS.timeBaseCtrl, {}),
  write(REGISTERS.eoiReserved8000, 0x0001_e085),
  write(REGISTERS.unknown7008, 1),
  write(REGISTERS.edfPipelineControl, 0x0007_0001),
  write(REGISTERS.ercReserved6000, 0x0015_5403),
  write(REGISTERS.stcPipelineControl, { bypass: 1 }),
  write(REGISTERS.afkPipelineControl, { bypass: 1 }),
];

/** Event formatter, readout, and the analogue part; the pixels stay in reset. */
export const ANALOG: readonly Step<Imx636Features>[] = [
  write(REGISTERS.readoutCtrl, 0x208),
  write(REGISTERS.unknown7008, 1),
  ...EVENT_FORMAT,
  write(REGISTERS.timeBaseCtrl, { primary: 1 }),
  write(REGISTERS.roiCtrl, { tdEnable: 1, roniNEn: 1 }),
  write(REGISTERS.unknown002C, 0x0022_c324),
  write(REGISTERS.unknownA000, 0x2a1),
  write(REGISTERS.unknownA000, 0x2a1),
  wait(200),
  write(REGISTERS.unknownA008, 0x0008_2401),
  wait(200),
  write(REGISTERS.unknownA004, 0x2a1),
  write(REGISTERS.unknownA004, 0x2a1),
  wait(200),
  write(REGISTERS.unknownA020, 0x160),
  write(REGISTERS.unknownA020, 0x160),
  wait(200),
  write(REGISTERS.unknownA008, 0x0008_2401),
  write(REGISTERS.adcControl, { enable: 1 }),
  write(REGISTERS.adcMiscCtrl, {}),
  write(REGISTERS.unknown0008, 0x6000_0000),
  write(REGISTERS.unknown1104, 1),
  write(REGISTERS.unknownA010, 0xa06b),
  wait(300),
  write(REGISTERS.bgenCtrl, 0x04),
  wait(200),
  write(REGISTERS.unknownA010, 0x0180_a063),
  write(REGISTERS.unknownA00C, 0x400),
  write(REGISTERS.unknownA00C, 0x401),
  wait(1_000),
  write(REGISTERS.unknownA00C, 0x0002_0401),
  wait(300),
  write(REGISTERS.unknown0070, 0x0040_0000),
  write(REGISTERS.unknown006C, 0x0ee4_7117),
  wait(100),
  write(REGISTERS.unknown006C, 0x0ee4_711f),
  wait(100),
  write(REGISTERS.unknown0070, 0x0048_0000),
  wait(1_000),
];

/** The generator of the biases' voltages, once the biases are written. */
export const BIAS_GENERATOR: readonly Step[] = [
  write(REGISTERS.bgenCtrl, 0x05),
  write(REGISTERS.unknown002C, 0x0022_c724),
  write(REGISTERS.spare0, 0x200),
];

/** Pixels into reset, output off, time base and MIPI link stopped. */
export const STOP: readonly Step[] = [
  write(REGISTERS.roiCtrl, { tdEnable: 1, roniNEn: 1 }),
  write(REGISTERS.unknown002C, 0x0022_c324),
  write(REGISTERS.afkPipelineControl, 0x02),
  write(REGISTERS.roCtrl, { outputDisable: 1 }),
  write(REGISTERS.afkPipelineControl, { bypass: 1 }),
  wait(1_000),
  write(REGISTERS.timeBaseCtrl, { primary: 1 }),
  write(REGISTERS.mipiControl, { csiEnable: 0 }),
  wait(300),
];

/** What OpenEB calls destroy, the undoing of its initialisation. */
export const DESTROY: readonly Step[] = [
  write(REGISTERS.unknown0070, 0x0040_0000),
  write(REGISTERS.unknown006C, 0x0ee4_7114),
  wait(500),
  write(REGISTERS.unknownA00C, 0x400),
  wait(500),
  write(REGISTERS.unknownA010, 0x8068),
  wait(200),
  write(REGISTERS.unknown1104, 0),
  wait(200),
  write(REGISTERS.unknownA020, 0x60),
  wait(200),
  write(REGISTERS.unknownA004, 0x2a0),
  wait(200),
  write(REGISTERS.unknownA008, 0x2400),
  wait(200),
  write(REGISTERS.unknownA000, 0x2a0),
  write(REGISTERS.unknownB044, 0x02),
  write(REGISTERS.unknownB004, 0x0a),
  write(REGISTERS.unknownB040, 0x0e),
  write(REGISTERS.unknownB0C8, 0),
  write(REGISTERS.unknownB040, 0x06),
  write(REGISTERS.unknownB040, 0x04),
  write(REGISTERS.unknown0000, 0x5000_6442),
  write(REGISTERS.unknown0000, 0x1000_6442),
  write(REGISTERS.unknownB07C, 0),
];

/** Link and sensor; last the pixels leave their reset. */
export const START: readonly Step<Imx636Features>[] = [
  write(REGISTERS.mipiControl, { csiEnable: 5 }),
  ...START_SENSOR,
];
