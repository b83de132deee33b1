/**
 * What is sent to an EVK4 from the first check to the running stream, and to shut it down.
 *
 * Values and order are those of neuromorphic-drivers 0.16.1 (`devices/prophesee_evk4.rs`), which run in the field;
 * OpenEB's sequences (`imx636_evk3_issd.h`) are the same but for what is noted below. Neither says what the unknown
 * registers do.
 */

import { EXPECTED_DESCRIPTORS } from "./identification.ts";
import {
  BIAS_REGISTERS,
  BIAS_STEPS,
  EXTERNAL_TRIGGER_STEP,
  maskSteps,
  PIXEL_MASK_STEP,
  RATE_STEPS,
} from "./live_update.ts";
import { PROPERTIES } from "./protocol.ts";
import { type Condition, query, read, type Step, wait, when, write, writeBlock } from "./sequence.ts";

/** The part of the camera that the descriptions are asked of. */
const FIRST_PART = 0;

/** Manufacturer and product, then what the firmware says about itself. */
export const IDENTIFICATION: readonly Step[] = [
  ...EXPECTED_DESCRIPTORS.map((expected): Step => ({ op: "descriptor", expected })),
  query(PROPERTIES.releaseVersion),
  query(PROPERTIES.buildDate),
  query(PROPERTIES.deviceCount),
  query(PROPERTIES.compatibleStrings, FIRST_PART),
  query(PROPERTIES.serial),
  query(PROPERTIES.deviceCount),
  query(PROPERTIES.deviceName, FIRST_PART),
  query(PROPERTIES.compatibleStrings, FIRST_PART),
];

/** Before the reset, so they are those that the previous session left. */
const PREVIOUS_BIASES: readonly Step[] = BIAS_REGISTERS.map(([, register]) => read(register));

/** Pixels into reset, output off, time base and MIPI link stopped. */
const STOP: readonly Step[] = [
  write("roiCtrl", { tdEnable: 1, roniNEn: 1 }),
  write("unknown002C", 0x0022_c324),
  write("roCtrl", { outputDisable: 1 }),
  wait(1_000),
  write("timeBaseCtrl", { primary: 1 }),
  write("mipiControl", { csiEnable: 0 }),
  wait(300),
];

/** What OpenEB calls destroy, the undoing of its initialisation. Most of its registers are unknown. */
const DESTROY: readonly Step[] = [
  write("unknown0070", 0x0040_0008),
  write("unknown006C", 0x0ee4_7114),
  wait(500),
  write("unknownA00C", 0x0002_0400),
  wait(500),
  write("unknownA010", 0x8068),
  wait(200),
  write("unknown1104", 0),
  wait(200),
  write("unknownA020", 0x50),
  wait(200),
  write("unknownA004", 0x000b_0500),
  wait(200),
  write("unknownA008", 0x2404),
  wait(200),
  write("unknownA000", 0x000b_0500),
  write("unknownB044", 0),
  write("unknownB004", 0x0a),
  write("unknownB040", 0x0e),
  write("unknownB0C8", 0),
  write("unknownB040", 0x06),
  write("unknownB040", 0x04),
  write("unknown0000", 0x4f00_6442),
  write("unknown0000", 0x0f00_6442),
  write("unknown00B8", 0x401),
  write("unknown00B8", 0x400),
  write("unknownB07C", 0),
];

/**
 * OpenEB waits 1 s, 0.5 s, 1 s and 300 µs after the first four writes. neuromorphic-drivers has no wait after the first
 * one and 1 s, 0.5 s and 1 s after the others. After each write stands the longer of the two.
 */
const RESET: readonly Step[] = [
  write("unknown001C", 1),
  wait(1_000_000),
  write("reset", 1),
  wait(1_000_000),
  write("reset", 0),
  wait(1_000_000),
  write("mipiControl", 0x158),
  wait(1_000_000),
  write("unknownB044", 0),
  wait(300),
];

/** The MIPI link, among registers that are unknown. */
const LINK: readonly Step[] = [
  write("unknownB004", 0x0a),
  write("unknownB040", 0),
  write("unknownB0C8", 0),
  write("unknownB040", 0),
  write("unknownB040", 0),
  write("unknown0000", 0x4f00_6442),
  write("unknown0000", 0x0f00_6442),
  write("unknown00B8", 0x400),
  write("unknown00B8", 0x400),
  write("unknownB07C", 0),
  write("unknownB074", 0x02),
  write("unknownB078", 0xa0),
  write("unknown00C0", 0x110),
  write("unknown00C0", 0x210),
  write("unknownB120", 1),
  write("unknownE120", 0),
  write("unknownB068", 0x04),
  write("unknownB07C", 0x01),
  wait(10),
  write("unknownB07C", 0x03),
  wait(1_000),
  write("unknown00B8", 0x401),
  write("unknown00B8", 0x409),
  write("unknown0000", 0x4f00_6442),
  write("unknown0000", 0x4f00_644a),
  write("unknownB080", 0x77),
  write("unknownB084", 0x0f),
  write("unknownB088", 0x37),
  write("unknownB08C", 0x37),
  write("unknownB090", 0xdf),
  write("unknownB094", 0x57),
  write("unknownB098", 0x37),
  write("unknownB09C", 0x67),
  write("unknownB0A0", 0x37),
  write("unknownB0A4", 0x2f),
  write("unknownB0AC", 0x28),
  write("unknownB0CC", 0x01),
  write("mipiControl", { csiEnable: 0 }),
  write("unknownB004", 0x8a),
  write("unknownB01C", 0x30),
  write("mipiPacketSize", 8_192),
  write("mipiLineBlanking", 255),
  write("mipiFrameBlanking", 16_000),
  write("mipiFramePeriod", 0xfa0),
  write("unknownA000", 0x000b_0501),
  wait(200),
  write("unknownA008", 0x2405),
  wait(200),
  write("unknownA004", 0x000b_0501),
  wait(200),
  write("unknownA020", 0x150),
  wait(200),
  write("unknownB040", 0x07),
  write("unknownB064", 0x06),
  write("unknownB040", 0x0f),
  wait(100),
  write("unknownB004", 0x8a),
  wait(200),
  write("unknownB0C8", 0x03),
  wait(200),
  write("unknownB044", 0x01),
  write("mipiControl", { csiEnable: 1 }),
];

/** Event formatter (EVT3) and readout; the pixels stay in reset. */
const READOUT: readonly Step[] = [
  write("unknown7008", 1),
  write("edfPipelineControl", 0x0007_0001),
  write("eoiReserved8000", 0x0001_e085),
  write("timeBaseCtrl", { primary: 1 }),
  write("roiCtrl", { tdEnable: 1, roniNEn: 1 }),
  write("spare0", 0x200),
  write("biasDiff", { idacCtl: 0x4d, vdacCtl: 0x50 }),
  write("roFsmCtrl", { readoutWait: 0 }),
  wait(1_000),
  write("readoutCtrl", 0x200),
];

/** Converter, its buffer, and its temperature channel. */
const THERMOMETER: readonly Step[] = [
  write("adcControl", { enable: 1 }),
  write("adcControl", { enable: 1, clockEnable: 1 }),
  // neuromorphic-drivers sends 0x42: a constant cut by its field. The second write of this register shows what was meant.
  write("adcMiscCtrl", { bufferCalibration: 1 }),
  wait(100),
  write("tempCtrl", { bufferEnable: 1 }),
  write("tempCtrl", { bufferEnable: 1, bufferCalibration: 1 }),
  wait(100),
  write("adcControl", { enable: 1 }),
  write("adcControl", { enable: 1, clockEnable: 1 }),
  write("adcMiscCtrl", { bufferCalibration: 1, temperature: 1 }),
];

/** Photocurrent mirror and its counter. */
const LIGHT_METER: readonly Step[] = [
  write("iphMirrCtrl", { amplifierEnable: 1 }),
  wait(10),
  write("iphMirrCtrl", { amplifierEnable: 1, enable: 1 }),
  wait(20),
  write("lifoCtrl", { enable: 1 }),
  wait(5),
  write("lifoCtrl", { enable: 1, outEnable: 1 }),
  write("lifoCtrl", { enable: 1, outEnable: 1, counterEnable: 1 }),
];

/** Anti-flicker and trail filters: set up, and bypassed. */
const FILTERS: readonly Step[] = [
  write("afkFilterPeriod", { minimumCutoffPeriod: 15, maximumCutoffPeriod: 156, invertedDutyCycle: 8 }),
  write("afkPipelineControl", { bypass: 1 }),
  write("stcTimestamping", { prescaler: 13, multiplier: 1 }),
  write("stcParam", { threshold: 1_480, disableCutTrail: 1 }),
  write("stcTrailParam", { threshold: 100_000 }),
  write("stcInvalidation", { fifoWaitTime: 4, fifoTimeout: 280 }),
  write("stcInitialization", {}),
  write("stcPipelineControl", { bypass: 1 }),
];

const isLimited: Condition = ({ rateLimiter }) => rateLimiter !== null;
const isUnlimited: Condition = ({ rateLimiter }) => rateLimiter === null;

/** Event rate controller: drops events in time only, not in rows or columns. */
const RATE_CONTROLLER: readonly Step[] = [
  write("ercReserved6000", 0x0015_5400),
  ...when(isLimited, write("ercInDropRateControl", { enable: 1 }), ...RATE_STEPS, write("ercControl", { enable: 1 })),
  ...when(isUnlimited, write("ercInDropRateControl", { enable: 0 }), write("ercControl", { enable: 0 })),
  write("ercReserved602C", 1),
  writeBlock("ercReserved6800", () => 0x0808_0808),
  // neuromorphic-drivers writes 2 here, though 0 on an EVK3 HD; OpenEB writes 0.
  write("ercReserved602C", 0),
  writeBlock("ercTDropLut", (index) => ({ even: 2 * index, odd: 2 * index + 1 })),
  write("ercTDroppingControl", ({ rateLimiter }) => ({ enable: rateLimiter === null ? 0 : 1 })),
  write("ercHDroppingControl", { enable: 0 }),
  write("ercVDroppingControl", { enable: 0 }),
  write("ercReserved6000", 0x0015_5401),
];

/** Events of an earlier session would come with its time. */
const EMPTY_EVENT_PIPE: Step = { op: "drain", endpoint: 0x81, timeoutMs: 1_000 };

/** Everything that the user configures and that the steps before did not set. */
const CONFIGURATION: readonly Step[] = [...BIAS_STEPS, ...maskSteps("in-reset"), PIXEL_MASK_STEP];

const isStandalone: Condition = ({ clock }) => clock === "internal";
const isPrimary: Condition = ({ clock }) => clock === "internal-with-output";
const isSecondary: Condition = ({ clock }) => clock === "external";

/** Link, output, clock; last the pixels leave their reset. */
const START: readonly Step[] = [
  write("mipiControl", { csiEnable: 1 }),
  // neuromorphic-drivers writes nothing where no output is wanted; but the reset has switched it on (register map).
  write("roCtrl", ({ output }) => ({ outputDisable: output ? 0 : 1 })),
  ...when(isStandalone, write("timeBaseCtrl", { enable: 1, primary: 1 })),
  ...when(
    isPrimary,
    write("timeBaseCtrl", { external: 1, primary: 1, externalEnable: 1 }),
    write("digPad2Ctrl", { sync: 0xc }),
    wait(1_000),
    write("timeBaseCtrl", { enable: 1, external: 1, primary: 1, externalEnable: 1 }),
  ),
  ...when(
    isSecondary,
    write("timeBaseCtrl", { enable: 1, external: 1, externalEnable: 1 }),
    write("digPad2Ctrl", { sync: 0xf }),
  ),
  write("unknown002C", 0x0022_c724),
  write("roiCtrl", ({ maskIntersectionOnly }) => ({ tdEnable: 1, roniNEn: maskIntersectionOnly ? 0 : 1, tdRstn: 1 })),
];

/** From an identified camera to a streaming one. */
export const BRING_UP: readonly Step[] = [
  ...PREVIOUS_BIASES,
  ...STOP,
  ...DESTROY,
  ...RESET,
  ...LINK,
  ...READOUT,
  ...THERMOMETER,
  ...LIGHT_METER,
  ...FILTERS,
  ...RATE_CONTROLLER,
  EXTERNAL_TRIGGER_STEP,
  EMPTY_EVENT_PIPE,
  query(PROPERTIES.serial),
  ...CONFIGURATION,
  ...START,
];

/** Thermometer and light meter off, then STOP and DESTROY. */
export const SHUTDOWN: readonly Step[] = [
  write("lifoCtrl", {}),
  write("iphMirrCtrl", {}),
  write("tempCtrl", { bufferEnable: 1, bufferCalibration: 1 }),
  write("adcControl", {}),
  ...STOP,
  ...DESTROY,
];
