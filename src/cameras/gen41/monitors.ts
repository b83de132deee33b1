/** Thermometer, light meter and dead time: those of the IMX636, with this sensor's registers. */

import { type Step, wait, write } from "../../protocol/steps.ts";
import { type Imx636Sensors, monitorsOffSteps, thermometerSteps } from "../imx636/monitors.ts";
import type { Gen41BiasStates } from "./biases.ts";
import { REGISTERS } from "./registers.ts";

/**
 * What a Gen4.1 measures besides its events.
 *
 * OpenEB 5.1.1 offers the light meter alone on this sensor. The registers of thermometer and dead time are in its register
 * map, as on an IMX636; that their figures mean the same is an assumption.
 */
export interface Gen41Sensors extends Omit<Imx636Sensors, "biases"> {
  /**
   * The biases with their bounds, without traffic.
   *
   * @throws {NeuromorphicError} "closed".
   */
  biases(): Gen41BiasStates;
}

/** The light meter is switched on in OpenEB's order (`gen41_tz_device.cpp`). */
export const MONITORS: readonly Step[] = [
  ...thermometerSteps(REGISTERS),
  write(REGISTERS.iphMirrCtrl, { enable: 1 }),
  wait(20),
  write(REGISTERS.iphMirrCtrl, { enable: 1, amplifierEnable: 1 }),
  wait(1_020),
  write(REGISTERS.lifoCtrl, { enable: 1 }),
  wait(1_000),
  write(REGISTERS.lifoCtrl, { enable: 1, outEnable: 1 }),
  wait(1_000),
  write(REGISTERS.lifoCtrl, { enable: 1, outEnable: 1, counterEnable: 1 }),
];

export const MONITORS_OFF: readonly Step[] = monitorsOffSteps(REGISTERS);
