/**
 * How finely the trail filter measures time, and when it forgets a pixel. OpenEB 5.1.1 has a table of 100 thresholds for this
 * sensor; the rule of an IMX636 gives all but one of its figures with the figures of a smaller memory.
 */

import { type TrailMemory, type TrailTiming, trailTiming as timingOf } from "../imx636/trail_timing.ts";

/** 6400 blocks, 5 at a time, each in 20 ns. */
const MEMORY: TrailMemory = { walkNs: 6_400 / 5 * 20, minimumTimeout: 27 };

/** The table's figures for the shortest threshold, where the rule gives a timeout of 33. */
const SHORTEST: TrailTiming = { prescaler: 11, multiplier: 15, fifoTimeout: 32 };

/** Figures for a threshold from 1000 to 100000 µs. */
export function trailTiming(thresholdUs: number): TrailTiming {
  return thresholdUs === 1_000 ? SHORTEST : timingOf(thresholdUs, MEMORY);
}
