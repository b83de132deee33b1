/**
 * Registers of the Prophesee/Sony IMX636 that the bring-up touches.
 *
 * Names and bit fields are those of OpenEB's register map (`register_maps/imx636_registermap.h`) in camelCase, or,
 * where that map is silent, those of neuromorphic-drivers 0.16.1 (`devices/prophesee_evk4.rs`). Registers that neither
 * documents are called `unknown` with their address: their values are known only from the sequences of those drivers.
 *
 * `base` holds the reserved bits, as both drivers write them.
 */

import { nameRegisters } from "../../protocol/registers.ts";

/**
 * Biases: an 8-bit current DAC code under control bits that never change (buf_stg 1, mux_en, buf_en, idac_en, single
 * transfer). `vdacCtl` is 0 but for one write of the bring-up.
 */
const bias = { base: 0x11a1_0000, fields: { idacCtl: [0, 7], vdacCtl: [8, 15] } } as const;

/** On/off switches of the event rate controller. */
const enable = { fields: { enable: [0, 0] } } as const;

export const REGISTERS = nameRegisters({
  // Control, pads, monitors.
  unknown0000: { address: 0x0000 },
  roiCtrl: {
    address: 0x0004,
    base: 0xf000_5000,
    // shadowTrigger commits the masks. roniNEn 1: a pixel is masked when its column or its row is; 0: when both are.
    fields: { tdEnable: [1, 1], shadowTrigger: [5, 5], roniNEn: [6, 6], tdRstn: [10, 10] },
  },
  lifoCtrl: { address: 0x000c, fields: { enable: [0, 0], outEnable: [1, 1], counterEnable: [2, 2] } },
  lifoStatus: { address: 0x0010, fields: { counter: [0, 28], valid: [29, 29] } },
  // The same word in an IMX636 and an IMX646; `variant` tells them apart (OpenEB, `imx636_tz_device.cpp`).
  chipId: { address: 0x0014 },
  spare0: { address: 0x0018 },
  unknown001C: { address: 0x001c },
  refractoryCtrl: {
    address: 0x0020,
    fields: { counter: [0, 27], valid: [28, 28], counterEnable: [30, 30], enable: [31, 31] },
  },
  unknown002C: { address: 0x002c },
  // sync 0xC: the synchronisation pad is an output; 0xF: an input.
  digPad2Ctrl: { address: 0x0044, base: 0xccf0_fccf, fields: { sync: [16, 19] } },
  adcControl: { address: 0x004c, base: 0x7640, fields: { enable: [0, 0], clockEnable: [1, 1], start: [2, 2] } },
  adcStatus: { address: 0x0050, fields: { code: [0, 9], done: [11, 11] } },
  adcMiscCtrl: {
    address: 0x0054,
    base: 0x0210,
    fields: { bufferCalibration: [1, 1], range: [10, 11], temperature: [12, 12] },
  },
  // neuromorphic-drivers sets bit 21, which OpenEB's map has at 0.
  tempCtrl: { address: 0x005c, base: 0x0020_0080, fields: { bufferCalibration: [0, 0], bufferEnable: [1, 1] } },
  unknown006C: { address: 0x006c },
  unknown0070: { address: 0x0070 },
  iphMirrCtrl: { address: 0x0074, fields: { enable: [0, 0], amplifierEnable: [1, 1] } },
  unknown00B8: { address: 0x00b8 },
  unknown00C0: { address: 0x00c0 },

  // Biases.
  biasPr: { address: 0x1000, ...bias },
  biasFo: { address: 0x1004, ...bias },
  biasHpf: { address: 0x100c, ...bias },
  biasDiffOn: { address: 0x1010, ...bias },
  biasDiff: { address: 0x1014, ...bias },
  biasDiffOff: { address: 0x1018, ...bias },
  biasInv: { address: 0x101c, ...bias },
  biasRefr: { address: 0x1020, ...bias },
  biasReqpuy: { address: 0x1040, ...bias },
  biasReqpux: { address: 0x1044, ...bias },
  biasSendreqpdy: { address: 0x1048, ...bias },
  biasUnknown1: { address: 0x104c, ...bias },
  biasUnknown2: { address: 0x1050, ...bias },
  unknown1104: { address: 0x1104 },

  // Masks of columns and rows: bit b of register k masks column, or row, 32 k + b.
  tdRoiX: { address: 0x2000, count: 40 },
  tdRoiY: { address: 0x4000, count: 23 },

  // Event rate controller.
  ercReserved6000: { address: 0x6000 },
  ercInDropRateControl: { address: 0x6004, ...enable },
  ercReferencePeriod: { address: 0x6008, fields: { periodUs: [0, 9] } },
  ercTdTargetEventRate: { address: 0x600c, fields: { eventsPerPeriod: [0, 21] } },
  ercControl: { address: 0x6028, base: 0x2, ...enable },
  ercReserved602C: { address: 0x602c },
  ercTDroppingControl: { address: 0x6050, ...enable },
  ercHDroppingControl: { address: 0x6060, ...enable },
  ercVDroppingControl: { address: 0x6070, ...enable },
  ercTDropLut: { address: 0x6400, count: 256, fields: { even: [0, 8], odd: [16, 24] } },
  ercReserved6800: { address: 0x6800, count: 230 },

  // Event formatter and readout.
  // format 0: EVT3; 1: EVT2.1.
  edfPipelineControl: { address: 0x7000, base: 0x0007_0001, fields: { format: [1, 1] } },
  edfReserved7004: { address: 0x7004, base: 0xc1ff, fields: { externalTrigger: [10, 10] } },
  unknown7008: { address: 0x7008 },
  // Written with the format: 2 for EVT3, 0 for EVT2.1.
  eoiReserved8000: { address: 0x8000, base: 0x0001_e005, fields: { format: [6, 7] } },
  readoutCtrl: { address: 0x9000 },
  roFsmCtrl: { address: 0x9004, fields: { readoutWait: [0, 15] } },
  timeBaseCtrl: {
    address: 0x9008,
    base: 0x640,
    fields: { enable: [0, 0], external: [1, 1], primary: [2, 2], externalEnable: [3, 3] },
  },
  // The end is the last column and row.
  digitalCropControl: { address: 0x900c, fields: { enable: [0, 2], resetOrigin: [4, 4] } },
  digitalCropStart: { address: 0x9010, fields: { x: [0, 10], y: [16, 25] } },
  digitalCropEnd: { address: 0x9014, fields: { x: [0, 10], y: [16, 25] } },
  roCtrl: { address: 0x9028, fields: { areaCounterEnable: [0, 0], outputDisable: [1, 1], keepTimeHigh: [2, 2] } },
  digitalMaskPixel: { address: 0x9100, count: 64, fields: { x: [0, 10], y: [16, 25], valid: [31, 31] } },

  // Neither map nor driver says what these do; they are written where clocks would be started and stopped.
  unknownA000: { address: 0xa000 },
  unknownA004: { address: 0xa004 },
  unknownA008: { address: 0xa008 },
  unknownA00C: { address: 0xa00c },
  unknownA010: { address: 0xa010 },
  unknownA020: { address: 0xa020 },

  // MIPI CSI-2 link from the sensor to the USB bridge.
  mipiControl: { address: 0xb000, base: 0x2f8, fields: { csiEnable: [0, 0] } },
  unknownB004: { address: 0xb004 },
  unknownB01C: { address: 0xb01c },
  mipiPacketSize: { address: 0xb020 },
  mipiFramePeriod: { address: 0xb028 },
  mipiLineBlanking: { address: 0xb02c },
  mipiFrameBlanking: { address: 0xb030 },
  unknownB040: { address: 0xb040 },
  unknownB044: { address: 0xb044 },
  unknownB064: { address: 0xb064 },
  unknownB068: { address: 0xb068 },
  unknownB074: { address: 0xb074 },
  unknownB078: { address: 0xb078 },
  unknownB07C: { address: 0xb07c },
  unknownB080: { address: 0xb080 },
  unknownB084: { address: 0xb084 },
  unknownB088: { address: 0xb088 },
  unknownB08C: { address: 0xb08c },
  unknownB090: { address: 0xb090 },
  unknownB094: { address: 0xb094 },
  unknownB098: { address: 0xb098 },
  unknownB09C: { address: 0xb09c },
  unknownB0A0: { address: 0xb0a0 },
  unknownB0A4: { address: 0xb0a4 },
  unknownB0AC: { address: 0xb0ac },
  unknownB0C8: { address: 0xb0c8 },
  unknownB0CC: { address: 0xb0cc },
  unknownB120: { address: 0xb120 },

  // Anti-flicker filter.
  afkPipelineControl: { address: 0xc000, base: 0x1, fields: { bypass: [2, 2] } },
  // Start threshold counterHigh, stop threshold counterLow; invert 1: the events that flicker are kept.
  afkParam: {
    address: 0xc004,
    fields: { counterLow: [0, 2], counterHigh: [3, 5], invert: [6, 6], dropDisable: [7, 7] },
  },
  afkFilterPeriod: {
    address: 0xc008,
    fields: { minimumCutoffPeriod: [0, 7], maximumCutoffPeriod: [8, 15], invertedDutyCycle: [16, 19] },
  },
  afkInvalidation: { address: 0xc0c0, base: 0x0a05_a000, fields: { fifoWaitTime: [0, 11] } },
  afkInitialization: { address: 0xc0c4, fields: { requestInit: [0, 0], initDone: [2, 2] } },

  // Spatio-temporal contrast (trail) filter.
  stcPipelineControl: { address: 0xd000, base: 0x1, fields: { bypass: [2, 2] } },
  stcParam: { address: 0xd004, fields: { enable: [0, 0], threshold: [1, 19], disableCutTrail: [24, 24] } },
  stcTrailParam: { address: 0xd008, fields: { enable: [0, 0], threshold: [1, 19] } },
  stcTimestamping: {
    address: 0xd00c,
    base: 0x200,
    fields: { prescaler: [0, 4], multiplier: [5, 8], updateAtEveryEvent: [16, 16] },
  },
  stcInvalidation: { address: 0xd0c0, base: 0x0a00_0000, fields: { fifoWaitTime: [0, 11], fifoTimeout: [12, 23] } },
  stcInitialization: { address: 0xd0c4, fields: { requestInit: [0, 0], initDone: [2, 2] } },

  unknownE120: { address: 0xe120 },
  variant: { address: 0xf128 },
  reset: { address: 0x40_0004 },
});
