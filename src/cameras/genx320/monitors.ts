/** Thermometer, light meter and dead time of the sensor. Registers, sequences and figures: OpenEB 5.1.1. */

import type { Protocol } from "../../protocol/exchange.ts";
import { fieldOf, type RegisterAccess } from "../../protocol/registers.ts";
import { carryOut, modify, type Step, wait } from "../../protocol/steps.ts";
import { notReady } from "../measuring.ts";
import type { Genx320BiasStates } from "./biases.ts";
import { REGISTERS } from "./registers.ts";

/**
 * What a GenX320 measures beside its events.
 *
 * @example
 * ```ts
 * import { configureVirtualBus, open } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ model: "evk3-genx320" }]);
 * using device = await open({ libusb: "virtual", type: "prophesee-evk3-genx320" });
 * const { sensors } = device;
 * console.log(`${sensors.temperatureCelsius().toFixed(1)} °C, ${sensors.illuminanceLux().toPrecision(2)} lx`);
 * console.log(sensors.biases().diffOn.recommended); // { minimum: 24, maximum: 60 }
 * device.close();
 * await configureVirtualBus();
 * ```
 */
export interface Genx320Sensors {
  /**
   * Temperature of the sensor in °C: the mean of three values of its converter. OpenEB cuts each to a whole degree.
   *
   * @throws {NeuromorphicError} "io", "closed", "disconnected", "protocol".
   */
  temperatureCelsius(): number;
  /**
   * Raw counter of the light meter, a whole number from 0 to 2^28 - 1: it measures a time, so smaller is brighter. The
   * sensor needs 20 ms, in the dark up to two seconds.
   *
   * @throws {NeuromorphicError} as {@link temperatureCelsius}; "io" also where the sensor has no value ready (try again).
   */
  illuminance(): number;
  /**
   * Illuminance in lux, a rough figure: the {@link illuminance} by OpenEB's curve. Infinity for a counter of 0.
   *
   * @throws {NeuromorphicError} as {@link illuminance}.
   */
  illuminanceLux(): number;
  /**
   * Dead time of the pixels in µs: how long a pixel stays silent after an event, which the bias `refr` sets. The sensor
   * measures it in steps of 0.02 µs.
   *
   * @throws {NeuromorphicError} as {@link illuminance}.
   */
  pixelDeadTimeUs(): number;
  /**
   * The biases with their bounds, without traffic.
   *
   * @throws {NeuromorphicError} "closed".
   */
  biases(): Genx320BiasStates;
}

/** Converter and its temperature channel; the photocurrent mirror first. */
export const MONITORS: readonly Step[] = [
  modify(REGISTERS.iphMirrCtrl, { enable: 1 }),
  wait(100),
  modify(REGISTERS.adcControl, { enable: 1, clockEnable: 1 }),
  wait(500),
  modify(REGISTERS.adcMiscCtrl, { bufferCalibration: 1, comparatorCalibration: 1 }),
  wait(50_000),
  modify(REGISTERS.adcMiscCtrl, { temperature: 1 }),
  modify(REGISTERS.tempCtrl, { bufferEnable: 1 }),
  modify(REGISTERS.tempCtrl, { bufferEnable: 1 }),
  wait(500),
  modify(REGISTERS.tempCtrl, { bufferCalibration: 1 }),
  wait(20_000),
];

const CONVERSIONS = 3;
const CONVERSION_US = 3_000;
const LIGHT_METER_START_US = 1_000;
/** How long OpenEB waits for the light meter, one time after the other. */
const LIGHT_METER_WAITS_US: readonly number[] = [20_000, 200_000, 2_000_000];
const DEAD_TIME_READS = 10;
const DEAD_TIME_COUNTS_PER_US = 50;

/** Temperature of the sensor in °C. */
export function* readTemperatureCelsius(access: RegisterAccess): Protocol<number> {
  const carry = (...steps: readonly Step[]) => carryOut(steps, undefined, access);
  yield* carry(modify(REGISTERS.adcControl, { clockEnable: 1 }));
  let sum = 0;
  for (let count = 0; count < CONVERSIONS; ++count) {
    yield* carry(modify(REGISTERS.adcControl, { start: 1 }), wait(CONVERSION_US));
    const { adcStatus1 } = REGISTERS;
    sum += celsiusFromCode(fieldOf(adcStatus1, "code", yield* access.readRegister(adcStatus1)));
  }
  yield* carry(modify(REGISTERS.adcControl, { clockEnable: 0 }));
  return sum / CONVERSIONS;
}

/** Raw counter of the light meter, which is started and stopped for each value. */
export function* readIlluminance(access: RegisterAccess): Protocol<number> {
  const carry = (...steps: readonly Step[]) => carryOut(steps, undefined, access);
  const { lifoCtrl, lifoTonStatus } = REGISTERS;
  yield* carry(modify(lifoCtrl, { enable: 1, continuous: 1 }), wait(LIGHT_METER_START_US));
  let status = 0;
  for (const us of LIGHT_METER_WAITS_US) {
    yield* carry(wait(us));
    status = yield* access.readRegister(lifoTonStatus);
    if (fieldOf(lifoTonStatus, "valid", status) === 1) break;
  }
  // The sensor takes a 1 for the flag as a sign that the value has been read.
  yield* carry(modify(lifoCtrl, { enable: 0 }), modify(lifoTonStatus, { valid: 1 }));
  if (fieldOf(lifoTonStatus, "valid", status) === 1) return fieldOf(lifoTonStatus, "counter", status);
  throw notReady("read illuminance");
}

/** Dead time of the pixels in µs. As in OpenEB, the measurement stays on. */
export function* readPixelDeadTimeUs(access: RegisterAccess): Protocol<number> {
  const { refractoryCtrl } = REGISTERS;
  const steps = [modify(refractoryCtrl, { enable: 1, counterEnable: 1 }), modify(refractoryCtrl, { overrun: 1 })];
  yield* carryOut(steps, undefined, access);
  for (let count = 0; count < DEAD_TIME_READS; ++count) {
    const status = yield* access.readRegister(refractoryCtrl);
    if (fieldOf(refractoryCtrl, "valid", status) === 1) {
      return fieldOf(refractoryCtrl, "counter", status) / DEAD_TIME_COUNTS_PER_US;
    }
  }
  throw notReady("read pixel dead time");
}

/** OpenEB's line. */
export function celsiusFromCode(code: number): number {
  return code * 0.216 - 54;
}

/** OpenEB's curve. The counter measures a time, therefore 0 is infinitely bright. */
export function luxFromCounter(counter: number): number {
  return Math.exp(11.97 - 0.98 * Math.log(counter));
}
