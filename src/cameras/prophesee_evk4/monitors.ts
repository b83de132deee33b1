/** Thermometer and light meter of the sensor. */

import type { NeuromorphicError } from "../../errors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { TreuzellConnection } from "./protocol.ts";
import { fieldOf, REGISTERS, wordOf } from "../imx636/registers.ts";

/** As often as OpenEB asks before it gives up. */
const TEMPERATURE_READS = 5;
const ILLUMINANCE_READS = 10;

/** Temperature of the sensor in °C, in steps of 0.19 °C. */
export function* readTemperatureCelsius(connection: TreuzellConnection): Protocol<number> {
  yield* connection.writeRegister(
    REGISTERS.adcControl.address,
    wordOf("adcControl", { enable: 1, clockEnable: 1, start: 1 }),
  );
  for (let count = 0; count < TEMPERATURE_READS; ++count) {
    const status = yield* connection.readRegister(REGISTERS.adcStatus.address);
    if (fieldOf("adcStatus", "done", status) === 1) return celsiusFromCode(fieldOf("adcStatus", "code", status));
  }
  throw notReady("read temperature");
}

/** Raw counter of the light meter. */
export function* readIlluminance(connection: TreuzellConnection): Protocol<number> {
  for (let count = 0; count < ILLUMINANCE_READS; ++count) {
    const status = yield* connection.readRegister(REGISTERS.lifoStatus.address);
    if (fieldOf("lifoStatus", "valid", status) === 1) return fieldOf("lifoStatus", "counter", status);
  }
  throw notReady("read illuminance");
}

/** OpenEB and neuromorphic-drivers use the same line. */
export function celsiusFromCode(code: number): number {
  return code * 0.19 - 56;
}

/**
 * OpenEB's conversion: 10^(3.5 - log10(counter / 100 · 0.37)). The counter measures a time, therefore 0 is infinitely
 * bright. neuromorphic-drivers' example fits another curve, (9.2055e-7 · counter)^-1.0098, which is 24 to 39 % higher
 * between 0.09 and 8500 lx: take it as a rough figure.
 */
export function luxFromCounter(counter: number): number {
  return 10 ** (3.5 - Math.log10((counter / 100) * 0.37));
}

function notReady(operation: string): NeuromorphicError {
  return protocolError("io", operation, "the sensor has no value ready; try again");
}
