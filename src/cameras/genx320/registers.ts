/**
 * Registers of a Prophesee GenX320 that the sequences touch.
 *
 * Names and bit fields are those of OpenEB 5.1.1's register map of the early sensor, in camelCase; OpenEB uses it for the
 * production sensor, too.
 */

import { nameRegisters } from "../../protocol/registers.ts";

const bias = {
  fields: {
    code: [0, 6],
    bufferStage: [16, 17],
    type: [19, 19],
    enable: [24, 24],
    pull: [25, 25],
    single: [28, 28],
  },
} as const;
const wideBias = { fields: { code: [0, 7], enable: [24, 24], pull: [25, 25], single: [28, 28] } } as const;
const pipeline = { fields: { enable: [0, 0], dropNotBackpressure: [1, 1], bypass: [2, 2] } } as const;
const initialization = { fields: { requestInit: [0, 0], initBusy: [1, 1], initDone: [2, 2] } } as const;
const invalidation = { fields: { fifoWaitTime: [0, 11], fifoTimeout: [12, 23], inParallel: [24, 26] } } as const;
const events = { fields: { events: [0, 20] } } as const;

export const REGISTERS = nameRegisters({
  // Pixels: shadowTrigger takes the words of columns and rows over, pxSwRstn lets the pixels work.
  roiCtrl: {
    address: 0x0000,
    fields: {
      tdEnable: [1, 1],
      shadowTrigger: [5, 5],
      pxIphotoEnable: [6, 6],
      pxSwRstn: [10, 10],
      haltProgramming: [11, 11],
    },
  },
  lifoCtrl: { address: 0x0008, fields: { enable: [0, 0], continuous: [1, 1] } },
  lifoTonStatus: { address: 0x0010, fields: { counter: [0, 27], valid: [28, 28], overrun: [29, 29] } },
  chipId: { address: 0x0014 },
  digSoftReset: { address: 0x001c },
  refractoryCtrl: {
    address: 0x0020,
    fields: { counter: [0, 27], valid: [28, 28], overrun: [29, 29], counterEnable: [30, 30], enable: [31, 31] },
  },
  roTdCtrl: { address: 0x002c },
  roiMasterCtrl: {
    address: 0x0034,
    fields: { enable: [0, 0], run: [1, 1], nonInterest: [2, 2], windows: [3, 7] },
  },
  roiMasterChickenBit: { address: 0x0044, fields: { registerInterface: [0, 0] } },
  adcControl: { address: 0x004c, fields: { enable: [0, 0], clockEnable: [1, 1], start: [2, 2] } },
  adcStatus1: { address: 0x0050, fields: { code: [0, 9], done: [11, 11] } },
  adcMiscCtrl: {
    address: 0x0054,
    fields: { bufferCalibration: [0, 0], comparatorCalibration: [1, 1], temperature: [17, 17] },
  },
  tempCtrl: { address: 0x005c, fields: { bufferEnable: [0, 0], bufferCalibration: [1, 1] } },
  cpCtrl: { address: 0x0070 },
  iphMirrCtrl: { address: 0x0074, fields: { enable: [0, 0] } },
  // Memories of the filters: to be initialised, and to be switched off.
  sramInitn: { address: 0x00b8, fields: { afk: [0, 0], stc: [1, 1], ercDelayLine: [2, 2] } },
  sramPd0: { address: 0x00bc, fields: { afkAlr: [0, 4], afkStr0: [5, 9], afkStr1: [10, 14], stc0: [15, 19] } },
  sramPd1: { address: 0x00c0, fields: { ercDelayLine: [3, 3] } },

  // Clocks and pads.
  refClkCtrl: { address: 0x0200 },
  sysClkCtrl: { address: 0x0204 },
  rtcClkCtrl: { address: 0x020c },
  evtIcnClkCtrl: { address: 0x0210 },
  pllCtrl: { address: 0x0214 },
  ioCtrl2: {
    address: 0x0608,
    fields: { syncEnable: [0, 0], syncEnzi: [4, 4], triggerEnable: [10, 10], triggerEnzi: [14, 14] },
  },

  // Windows of the region: columns and rows of each, one after the other; the end is exclusive.
  roiWindows: { address: 0x0400, count: 36, fields: { start: [0, 8], end: [16, 24] } },
  // Latches of columns and rows: bit b of register k stands for column, or row, 32 k + b.
  tdRoiX: { address: 0x2000, count: 10 },
  tdRoiY: { address: 0x3000, count: 10 },
  tdRoiYDummy: { address: 0x3028 },

  // Bias generator.
  biasPr: { address: 0x1000, ...bias },
  biasFo: { address: 0x1004, ...bias },
  biasFes: { address: 0x1008, ...bias },
  biasHpf: { address: 0x1100, ...bias },
  biasDiffOn: { address: 0x1104, ...bias },
  biasDiff: { address: 0x1108, ...bias },
  biasDiffOff: { address: 0x110c, ...bias },
  biasInv: { address: 0x1110, ...bias },
  biasRefr: { address: 0x1114, ...bias },
  biasInvp: { address: 0x1118, ...bias },
  biasReqPu: { address: 0x111c, ...wideBias },
  biasSmPdy: { address: 0x1120, ...wideBias },
  biasDiffOnBank1: { address: 0x1128, ...bias },
  biasDiffOffBank1: { address: 0x1130, ...bias },
  bgenCtrl: { address: 0x1208 },
  bgenCgmSub: { address: 0x1218 },
  bgenCcEn: { address: 0x1220 },

  // Event rate controller.
  ercPipelineControl: { address: 0x6000, ...pipeline },
  ercDroppingControl: {
    address: 0x6014,
    fields: {
      hEnable: [0, 0],
      vEnable: [1, 1],
      tEnable: [2, 2],
      lutEnable: [3, 3],
      dropAllThreshold: [4, 13],
      status: [31, 31],
    },
  },
  ercReferencePeriod: { address: 0x6020, fields: { us: [0, 9], averageDropRateDelayed: [16, 16] } },
  ercFifoReserve: { address: 0x6024, fields: { value: [0, 12], autoRaise: [16, 16] } },
  ercTargetEventCount: { address: 0x602c, ...events },
  ercMonitoring: { address: 0x6034, fields: { averageDropRate: [1, 1], inputCount: [2, 2], outputCount: [9, 9] } },
  ercFifoFlushAndBypass: { address: 0x60a0, fields: { enable: [0, 0] } },
  ercResetOnFirst: { address: 0x60b4, fields: { enable: [0, 0] } },

  // Event data formatter.
  edfPipelineControl: { address: 0x7000, ...pipeline },
  edfEventTypeEn: { address: 0x7040, fields: { externalTrigger: [10, 10] } },
  edfControl: { address: 0x7044, fields: { format: [0, 1], endianness: [4, 4] } },
  edfEventInjection: { address: 0x7048 },
  edfOutputInterfaceControl: { address: 0x704c },
  edfExternalOutputAdapter: { address: 0x7100 },

  // Readout.
  readoutCtrl: { address: 0x9000 },
  timeBaseCtrl: {
    address: 0x9008,
    fields: {
      enable: [0, 0],
      external: [1, 1],
      primary: [2, 2],
      externalEnable: [3, 3],
      clocksPerUs: [4, 10],
      softReset: [16, 16],
    },
  },
  oorCtrl: { address: 0x900c, fields: { enable: [0, 0], drop: [2, 2], resetOrigin: [4, 4] } },
  oorStart: { address: 0x9010, fields: { x: [0, 8], y: [16, 24] } },
  oorEnd: { address: 0x9014, fields: { x: [0, 8], y: [16, 24] } },
  roLpCtrl: { address: 0x9028, fields: { outputDisable: [1, 1] } },
  // Slots of the pixel mask: the place of 32 pixels in a row, then which of them are silent.
  crazyPixels: { address: 0x9100, count: 32 },

  // Supplies.
  ldoBg: { address: 0xa000 },
  ldoHv: { address: 0xa004 },
  ldoLv: { address: 0xa008 },
  ldoPmu: { address: 0xa01c },

  // MIPI link to the USB bridge.
  csiCtrl: { address: 0xb000 },
  csiClkCtrl: { address: 0xb00c },
  csiFrameCtrl: { address: 0xb010 },
  csiFrameBlanking: { address: 0xb024 },
  csiPower: { address: 0xb030 },
  dphyClockBand: { address: 0xb404 },
  dphyClockSlew: { address: 0xb434 },
  dphyDataZero: { address: 0xb45c },
  dphyDataBand: { address: 0xb470 },
  dphyDataSlew: { address: 0xb4a0 },
  dphyData29: { address: 0xb4e4 },

  // Filters, in the order of the pipeline's addresses.
  afkPipelineControl: { address: 0xc000, ...pipeline },
  afkParam: { address: 0xc008, fields: { counterLow: [0, 2], counterHigh: [3, 5], invert: [6, 6] } },
  afkFilterPeriod: {
    address: 0xc00c,
    fields: { minimumCutoffPeriod: [0, 7], maximumCutoffPeriod: [8, 15], invertedDutyCycle: [16, 19] },
  },
  afkInvalidation: { address: 0xc0c0, ...invalidation },
  afkInitialization: { address: 0xc0c4, ...initialization },
  stcPipelineControl: { address: 0xd000, ...pipeline },
  stcParam: { address: 0xd008, fields: { enable: [0, 0], threshold: [1, 19], disableCutTrail: [24, 24] } },
  stcTrailParam: { address: 0xd00c, fields: { enable: [0, 0], threshold: [1, 19] } },
  stcTimestamping: {
    address: 0xd010,
    fields: { prescaler: [0, 4], multiplier: [5, 8], round: [9, 9], updateAtEveryEvent: [16, 16] },
  },
  stcInvalidation: { address: 0xd0c0, ...invalidation },
  stcInitialization: { address: 0xd0c4, ...initialization },
  nflPipelineControl: { address: 0xe000, ...pipeline },
  nflWindow: { address: 0xe008, fields: { us: [0, 10] } },
  nflLowerStart: { address: 0xe00c, ...events },
  nflLowerStop: { address: 0xe010, ...events },
  nflUpperStop: { address: 0xe014, ...events },
  nflUpperStart: { address: 0xe018, ...events },
  nflMonitoring: { address: 0xe01c, fields: { enable: [0, 0] } },

  // On-chip processor.
  cpuSoftReset: { address: 0xf004 },
});
