/** What sensors share of their measurements. */

import type { NeuromorphicError } from "../errors.ts";
import { protocolError } from "../protocol/failures.ts";

/**
 * OpenEB's conversion: 10^(3.5 - log10(counter / 100 · 0.37)). The counter measures a time, therefore 0 is infinitely
 * bright. neuromorphic-drivers' example fits another curve, (9.2055e-7 · counter)^-1.0098, which is 24 to 39 % higher
 * between 0.09 and 8500 lx: take it as a rough figure.
 */
export function luxFromCounter(counter: number): number {
  return 10 ** (3.5 - Math.log10((counter / 100) * 0.37));
}

/** The error of a measurement that has no value after the reads that OpenEB allows it. */
export function notReady(operation: string): NeuromorphicError {
  return protocolError("io", operation, "the sensor has no value ready; try again");
}
