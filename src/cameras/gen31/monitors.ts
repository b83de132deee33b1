/** Thermometer of the board and light meter of the sensor. */

import type { Protocol } from "../../protocol/exchange.ts";
import { fieldOf, type RegisterAccess, wordOf } from "../../protocol/registers.ts";
import { notReady } from "../measuring.ts";
import { REGISTERS, THERMOMETER_REGISTERS } from "./registers.ts";

/** What a Gen3.1 and its board measure besides the events. */
export interface Gen31Sensors {
  /**
   * Temperature in °C, a whole number: that of the TMP103 beside the sensor, a device of its own on the board.
   *
   * @throws {NeuromorphicError} "io", "closed", "disconnected", "protocol".
   */
  temperatureCelsius(): number;
  /**
   * Raw counter of the light meter, a whole number from 0 to 2^27 - 1: it measures a time, so smaller is brighter.
   *
   * @throws {NeuromorphicError} "io", also where the sensor has no value ready (try again), "closed", "disconnected",
   * "protocol".
   */
  illuminance(): number;
  /**
   * Illuminance in lux, a rough figure: the {@link illuminance} by OpenEB's curve. Infinity for a counter of 0.
   *
   * @throws {NeuromorphicError} as {@link illuminance}.
   */
  illuminanceLux(): number;
}

/** As often as OpenEB asks before it gives up. */
const ILLUMINANCE_READS = 10;

/** OpenEB takes the register as an integer. A TMP103 has 8 bits and a sign (its data sheet), down to -55 °C. */
export function* readTemperatureCelsius(thermometer: RegisterAccess): Protocol<number> {
  const { temperature } = THERMOMETER_REGISTERS;
  const celsius = fieldOf(temperature, "celsius", yield* thermometer.readRegister(temperature));
  return celsius < 128 ? celsius : celsius - 256;
}

/** Starts the light meter anew, as OpenEB does before each value, and waits for its counter. */
export function* readIlluminance(access: RegisterAccess): Protocol<number> {
  const { lifoControl } = REGISTERS;
  for (const fields of [{}, { enable: 1 }, { enable: 1, counterEnable: 1 }]) {
    yield* access.writeRegister(lifoControl, wordOf(lifoControl, fields));
  }
  for (let count = 0; count < ILLUMINANCE_READS; ++count) {
    const word = yield* access.readRegister(lifoControl);
    if (fieldOf(lifoControl, "valid", word) === 1) return fieldOf(lifoControl, "counter", word);
  }
  throw notReady("read illuminance");
}
