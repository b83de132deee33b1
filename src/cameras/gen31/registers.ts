/**
 * Registers of the FPGA in front of a Prophesee Gen3.1, and of the sensor behind it, that the sequences touch.
 *
 * Names and bit fields are those of OpenEB 5.1.1's register map of the EVK3 Gen3.1, in camelCase. `base` holds bits that
 * OpenEB writes with each word; what they do is not documented.
 */

import { nameRegisters } from "../../protocol/registers.ts";

/** A bias: what the bits mean stands in `biases.ts`. */
const bias = { fields: { voltage: [0, 7], current: [8, 20], buffer: [21, 26], control: [27, 31] } } as const;

export const REGISTERS = nameRegisters({
  // FPGA: power, resets, host interface.
  atisControl: {
    address: 0x0000,
    fields: {
      enableVdda: [0, 0],
      enableVddc: [1, 1],
      enableVddd: [2, 2],
      softReset: [3, 3],
      remapBypass: [8, 8],
      masterMode: [12, 12],
      useExternalStart: [14, 14],
      tdRstn: [18, 18],
      emRstn: [19, 19],
    },
  },
  hostControl: { address: 0x0008, fields: { hostInterface: [8, 8], stereoMerge: [9, 9] } },
  hostTrigger: { address: 0x000c, fields: { softReset: [0, 0] } },

  // FPGA: triggers.
  triggerEnable: { address: 0x01a0, fields: { main: [0, 0], loopback: [6, 6] } },
  triggerOutEnable: { address: 0x01a4, fields: { enable: [0, 0] } },

  // Sensor.
  globalControl: { address: 0x0200, fields: { enable: [1, 1], biasRstn: [3, 3], biasEnable: [4, 4] } },
  // shadowTrigger takes the words of columns and rows over. tdRstn lets the pixels work.
  roiControl: { address: 0x0204, base: 0x1, fields: { tdEnable: [1, 1], tdRstn: [3, 3], shadowTrigger: [5, 5] } },
  readoutControl: { address: 0x0208 },
  lifoControl: {
    address: 0x0214,
    fields: { counter: [0, 26], valid: [29, 29], counterEnable: [30, 30], enable: [31, 31] },
  },
  chipId: { address: 0x0218 },
  spareControl: { address: 0x021c },
  outOfRangeControl: { address: 0x0220, fields: { enable: [0, 0] } },
  clockOutControl: { address: 0x0238, fields: { enable: [0, 0] } },
  readoutBlockControl: { address: 0x0240 },
  emReadoutControl: { address: 0x0244 },
  // The pre-counter of 100 is the reset's.
  noiseFilterControl: { address: 0x0248, base: 0xc8, fields: { enable: [0, 0] } },
  noiseFilterThreshold: { address: 0x024c, fields: { events: [0, 13], periodUs: [14, 23] } },

  // Bias generator.
  biasesInternal: { address: 0x0300, count: 19, ...bias },
  biasDiffOff: { address: 0x034c, ...bias },
  biasDiffOn: { address: 0x0350, ...bias },
  biasDiff: { address: 0x0354, ...bias },
  biasFo: { address: 0x0358, ...bias },
  biasPr: { address: 0x035c, ...bias },
  biasRefr: { address: 0x0360, ...bias },
  biasHpf: { address: 0x0364, ...bias },
  biasInternal0368: { address: 0x0368, ...bias },

  // Which columns and rows send: bit b of register k stands for column, or row, 32 k + b.
  tdRoiX: { address: 0x0400, count: 20 },
  tdRoiXDummy: { address: 0x0450 },
  tdRoiY: { address: 0x0500, count: 15 },
  tdRoiYDummy: { address: 0x053c },

  // FPGA: what receives the sensor's words.
  sensorInterfaceControl: { address: 0x074c, fields: { clockEnable: [1, 1] } },
  ioDelayLoad: { address: 0x0764 },
  ioDelayValues: { address: 0x0768, count: 6 },
  sampleClockEdge: { address: 0x0798 },
  systemId: { address: 0x0800, fields: { value: [0, 7] } },

  // FPGA: MIPI link to the USB bridge.
  mipiControl: { address: 0x1500 },
  mipiFramePeriod: { address: 0x1508, fields: { us: [0, 15] } },
  mipiPacketTimeout: { address: 0x150c, fields: { us: [0, 15] } },
  mipiPacketSize: { address: 0x1510 },
  mipiInterFrameTime: { address: 0x1520 },
});

/** The one register of the board's thermometer, a TMP103. */
export const THERMOMETER_REGISTERS = nameRegisters({
  temperature: { address: 0x0000, fields: { celsius: [0, 7] } },
});
