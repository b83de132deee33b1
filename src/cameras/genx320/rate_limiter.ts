/** Event rate controller. Registers, sequence and bounds: OpenEB 5.1.1. */

import type { Check } from "../../checks.ts";
import { modify, type Step, write } from "../../protocol/steps.ts";
import { rateLimiterWithin } from "../imx636/rate_limiter.ts";
import { REGISTERS } from "./registers.ts";

/**
 * Drops events beyond a rate, in the sensor. The sensor reports its counts in each period, so short periods cost bandwidth:
 * with 100 µs it sends ten thousand reports in a second.
 */
export interface Genx320RateLimiter {
  /** Length of the period over which events are counted, in µs: 1 to 1023. OpenEB uses 100. */
  readonly referencePeriodUs: number;
  /** Events let through in each period: 0 to 20000. OpenEB's default is 1000. */
  readonly maximumEventsPerPeriod: number;
}

/** A rate limiter in events per second. `configuration` tells it as a {@link Genx320RateLimiter}. */
export interface Genx320EventRate {
  /**
   * Events let through in a second. At least one, and at most 20000, in each period: with periods of 100 µs from 10,000 to
   * 200,000,000. The events of a period are rounded down, as in OpenEB.
   */
  readonly maximumEventsPerSecond: number;
  /** See {@link Genx320RateLimiter.referencePeriodUs}. Default 100, as in OpenEB. */
  readonly referencePeriodUs?: number | undefined;
}

const OPENEB_PERIOD_US = 100;
const OPENEB_EVENTS_PER_PERIOD = 1_000;

/** A check for a rate limiter, or a rate; null is none. */
export const checkRateLimiter: Check<Genx320RateLimiter | null> = rateLimiterWithin({
  maximumEventsPerPeriod: 20_000,
  defaultPeriodUs: OPENEB_PERIOD_US,
});

interface Limited {
  readonly rateLimiter: Genx320RateLimiter | null;
}

const COUNT_STEP: Step<Limited> = modify(REGISTERS.ercTargetEventCount, ({ rateLimiter }: Limited) => ({
  events: rateLimiter?.maximumEventsPerPeriod ?? OPENEB_EVENTS_PER_PERIOD,
}));
const PERIOD_STEP: Step<Limited> = modify(REGISTERS.ercReferencePeriod, ({ rateLimiter }: Limited) => ({
  us: rateLimiter?.referencePeriodUs ?? OPENEB_PERIOD_US,
}));

/** Part of the bring-up, which leaves the limiter off. */
export const RATE_FIGURES: readonly Step<Limited>[] = [COUNT_STEP, PERIOD_STEP];

/** Steps that set the controller up and switch it on. Its memory is powered first. */
const LIMITER_ON_STEPS: readonly Step<Limited>[] = [
  modify(REGISTERS.ercDroppingControl, { tEnable: 1 }),
  COUNT_STEP,
  modify(REGISTERS.ercPipelineControl, { enable: 0, bypass: 0 }),
  modify(REGISTERS.ercPipelineControl, { enable: 1, bypass: 1 }),
  modify(REGISTERS.sramInitn, { ercDelayLine: 1 }),
  modify(REGISTERS.sramPd1, { ercDelayLine: 0 }),
  modify(REGISTERS.ercFifoFlushAndBypass, { enable: 0 }),
  modify(REGISTERS.ercReferencePeriod, ({ rateLimiter }: Limited) => ({
    us: rateLimiter!.referencePeriodUs,
    averageDropRateDelayed: 1,
  })),
  COUNT_STEP,
  modify(REGISTERS.ercFifoReserve, { value: 28, autoRaise: 1 }),
  modify(REGISTERS.ercMonitoring, { averageDropRate: 1, inputCount: 1, outputCount: 1 }),
  modify(REGISTERS.ercDroppingControl, {
    hEnable: 0,
    vEnable: 0,
    tEnable: 1,
    lutEnable: 0,
    dropAllThreshold: 512,
  }),
  modify(REGISTERS.ercResetOnFirst, { enable: 0 }),
  write(REGISTERS.ercPipelineControl, { enable: 1 }),
];

const LIMITER_OFF_STEPS: readonly Step[] = [modify(REGISTERS.ercDroppingControl, { tEnable: 0 })];

/** Steps that bring a sensor from one limiter to another; without `before`, it is not known. */
export function rateLimiterSteps(before: Limited | undefined, after: Limited): readonly Step<Limited>[] {
  const [from, to] = [before?.rateLimiter, after.rateLimiter];
  if (to === null) return from === null ? [] : LIMITER_OFF_STEPS;
  if (from === null || from === undefined) return LIMITER_ON_STEPS;
  const steps: Step<Limited>[] = [];
  if (from.referencePeriodUs !== to.referencePeriodUs) steps.push(PERIOD_STEP);
  if (from.maximumEventsPerPeriod !== to.maximumEventsPerPeriod) steps.push(COUNT_STEP);
  return steps;
}
