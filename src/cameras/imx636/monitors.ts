/** Thermometer, light meter and the measurement of the pixels' dead time. */

import type { Protocol } from "../../protocol/exchange.ts";
import { fieldOf, type Register, type RegisterAccess, wordOf } from "../../protocol/registers.ts";
import { type Step, wait, write } from "../../protocol/steps.ts";
import type { Imx636Biases } from "./configuration.ts";
import { notReady } from "../measuring.ts";
import { REGISTERS } from "./registers.ts";

/** A bias as it is set, with the bounds of its offset. */
export interface Imx636BiasState {
  /** What the sensor works with: the chip's code and the offset, from 0 to 255. */
  readonly code: number;
  /** The chip's own code, as it was read after its reset. */
  readonly chipCode: number;
  /** As in the configuration in force. */
  readonly offset: number;
  /** The lowest offset that this chip allows: that of code 0. */
  readonly minimum: number;
  /** The highest offset that this chip allows: that of code 255. */
  readonly maximum: number;
  /** Recommended offsets, both ends included, which may reach beyond the chip's; undefined where no source names any. */
  readonly recommended: { readonly minimum: number; readonly maximum: number } | undefined;
}

/** All biases as they are set. */
export type Imx636BiasStates = { readonly [Name in keyof Imx636Biases]: Imx636BiasState };

/** What an IMX636 measures besides its events. */
export interface Imx636Sensors {
  /**
   * Temperature of the sensor in °C, in steps of 0.19 °C; how exact they are is unknown. The conversion is that of OpenEB
   * and neuromorphic-drivers.
   *
   * @throws {NeuromorphicError} "io", also where the sensor has no value ready (try again), "closed", "disconnected",
   * "protocol".
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ type: "prophesee-evk4", libusb: "virtual" });
   * const { sensors } = device;
   * console.log(`${sensors.temperatureCelsius().toFixed(1)} °C, ${sensors.illuminanceLux().toPrecision(2)} lx`);
   * ```
   */
  temperatureCelsius(): number;
  /**
   * Raw counter of the light meter, a whole number from 0 to 2^29 - 1: it measures a time, so smaller is brighter.
   *
   * @throws {NeuromorphicError} as {@link temperatureCelsius}.
   */
  illuminance(): number;
  /**
   * Illuminance in lux, a rough figure: the {@link illuminance} by OpenEB's curve, and neuromorphic-drivers' example has
   * another, which is 24 to 39 % higher between 0.09 and 8500 lx. Infinity for a counter of 0.
   *
   * @throws {NeuromorphicError} as {@link temperatureCelsius}.
   */
  illuminanceLux(): number;
  /**
   * Dead time of the pixels in µs: how long a pixel stays silent after an event, which the bias `refr` sets. The sensor
   * measures it in steps of 0.005 µs (OpenEB, which tells whole microseconds).
   *
   * AugurRS, a program for the EVK4, gives 6.35 µs for a typical chip's own bias; how exact the figure is, is unknown.
   *
   * @throws {NeuromorphicError} as {@link temperatureCelsius}.
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * using device = await open({ type: "prophesee-evk4", libusb: "virtual" });
   * console.log(`${device.sensors.pixelDeadTimeUs()} µs`);
   * ```
   */
  pixelDeadTimeUs(): number;
  /**
   * The biases with the chip's own codes and their bounds: what the driver read when it opened the camera, without
   * traffic.
   *
   * @throws {NeuromorphicError} "closed".
   *
   * @example
   * ```ts
   * import { open } from "@neuromorphic/drivers";
   *
   * await using device = await open({ type: "prophesee-evk4", libusb: "virtual" });
   * for (const [name, { code, minimum, maximum, recommended }] of Object.entries(device.sensors.biases())) {
   *   const range = recommended === undefined ? "" : `, recommended ${recommended.minimum} to ${recommended.maximum}`;
   *   console.log(`${name}: code ${code}, offsets from ${minimum} to ${maximum}${range}`);
   * }
   * ```
   */
  biases(): Imx636BiasStates;
}

/** Registers of the monitors that differ between the IMX636 and the Gen4.1, in other bits than their fields'. */
export type MonitorRegisters = {
  readonly [Name in "adcControl" | "tempCtrl" | "refractoryCtrl"]: Register & {
    readonly fields: {
      readonly [Field in keyof (typeof REGISTERS)[Name]["fields"]]: readonly [lowestBit: number, highestBit: number];
    };
  };
};

/** Converter, its buffer, and its temperature channel. */
export const thermometerSteps = ({ adcControl, tempCtrl }: MonitorRegisters): readonly Step[] => [
  write(adcControl, { enable: 1 }),
  write(adcControl, { enable: 1, clockEnable: 1 }),
  // neuromorphic-drivers sends 0x42: a constant cut by its field. The second write of this register shows what was meant.
  write(REGISTERS.adcMiscCtrl, { bufferCalibration: 1 }),
  wait(100),
  write(tempCtrl, { bufferEnable: 1 }),
  write(tempCtrl, { bufferEnable: 1, bufferCalibration: 1 }),
  wait(100),
  write(adcControl, { enable: 1 }),
  write(adcControl, { enable: 1, clockEnable: 1 }),
  write(REGISTERS.adcMiscCtrl, { bufferCalibration: 1, temperature: 1 }),
];

export const THERMOMETER = thermometerSteps(REGISTERS);

/** Photocurrent mirror and its counter. */
export const LIGHT_METER: readonly Step[] = [
  write(REGISTERS.iphMirrCtrl, { amplifierEnable: 1 }),
  wait(10),
  write(REGISTERS.iphMirrCtrl, { amplifierEnable: 1, enable: 1 }),
  wait(20),
  write(REGISTERS.lifoCtrl, { enable: 1 }),
  wait(5),
  write(REGISTERS.lifoCtrl, { enable: 1, outEnable: 1 }),
  write(REGISTERS.lifoCtrl, { enable: 1, outEnable: 1, counterEnable: 1 }),
];

/** Both off. */
export const monitorsOffSteps = ({ adcControl, tempCtrl }: MonitorRegisters): readonly Step[] => [
  write(REGISTERS.lifoCtrl, {}),
  write(REGISTERS.iphMirrCtrl, {}),
  write(tempCtrl, { bufferEnable: 1, bufferCalibration: 1 }),
  write(adcControl, {}),
];

export const MONITORS_OFF = monitorsOffSteps(REGISTERS);

/** As often as OpenEB asks before it gives up. */
const TEMPERATURE_READS = 5;
const ILLUMINANCE_READS = 10;
const DEAD_TIME_READS = 11;

/** Temperature of the sensor in °C. */
export function* readTemperatureCelsius(
  access: RegisterAccess,
  { adcControl }: MonitorRegisters = REGISTERS,
): Protocol<number> {
  const { adcStatus } = REGISTERS;
  yield* access.writeRegister(adcControl, wordOf(adcControl, { enable: 1, clockEnable: 1, start: 1 }));
  for (let count = 0; count < TEMPERATURE_READS; ++count) {
    const status = yield* access.readRegister(adcStatus);
    if (fieldOf(adcStatus, "done", status) === 1) return celsiusFromCode(fieldOf(adcStatus, "code", status));
  }
  throw notReady("read temperature");
}

/** Raw counter of the light meter. */
export function* readIlluminance(access: RegisterAccess): Protocol<number> {
  const { lifoStatus } = REGISTERS;
  for (let count = 0; count < ILLUMINANCE_READS; ++count) {
    const status = yield* access.readRegister(lifoStatus);
    if (fieldOf(lifoStatus, "valid", status) === 1) return fieldOf(lifoStatus, "counter", status);
  }
  throw notReady("read illuminance");
}

/** Dead time of the pixels in µs. As in OpenEB, the measurement stays on. */
export function* readPixelDeadTimeUs(
  access: RegisterAccess,
  { refractoryCtrl }: MonitorRegisters = REGISTERS,
): Protocol<number> {
  yield* access.writeRegister(refractoryCtrl, wordOf(refractoryCtrl, { enable: 1, counterEnable: 1 }));
  for (let count = 0; count < DEAD_TIME_READS; ++count) {
    const status = yield* access.readRegister(refractoryCtrl);
    if (fieldOf(refractoryCtrl, "valid", status) === 1) return fieldOf(refractoryCtrl, "counter", status) / 200;
  }
  throw notReady("read pixel dead time");
}

/** OpenEB and neuromorphic-drivers use the same line. */
export function celsiusFromCode(code: number): number {
  return code * 0.19 - 56;
}
