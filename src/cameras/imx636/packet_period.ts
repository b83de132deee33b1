/**
 * How often the sensor's link hands its data to the USB bridge (MIPI frame period, register 0xB028, bits 15:4).
 *
 * 4000 µs in the bring-up of every known driver. metavision_driver sets 1008 µs after the start of the camera, and gets
 * data about every millisecond (its pull request 32, measured on a camera).
 */

import { type Check, outOfRange, wholeNumber } from "../../checks.ts";
import { type Step, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

/** Of neuromorphic-drivers and OpenEB. */
export const DEFAULT_PACKET_PERIOD_US = 4_000;

/** The register has no lower bits. */
const STEP_US = 16;

/** A check for a period that the register can hold. */
export const checkPacketPeriod: Check<number> = (value, name) => {
  const periodUs = wholeNumber(STEP_US, 2 ** 16 - STEP_US)(value, name);
  if (periodUs % STEP_US !== 0) throw outOfRange(name, `a multiple of ${STEP_US}`, periodUs);
  return periodUs;
};

/** Step that writes the period, before the start or while the sensor runs. */
export const PACKET_PERIOD_STEP: Step<{ readonly packetPeriodUs: number }> = write(
  REGISTERS.mipiFramePeriod,
  ({ packetPeriodUs }) => packetPeriodUs,
);
