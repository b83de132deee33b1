/** What the rate limiter may be given as. Its steps are in `rate_controller.ts`. */

import { type Check, notTogether, number, object, wholeNumber } from "../../checks.ts";

/**
 * Drops events beyond a rate, in the sensor. What it drops is counted: `status.rateController` has what the sensor tells
 * of it.
 */
export interface Imx636RateLimiter {
  /**
   * Length of the period over which events are counted, in µs: 1 to 1023 (register 0x6008 has 10 bits).
   * neuromorphic-drivers advises at most 200, which is also what OpenEB uses.
   */
  readonly referencePeriodUs: number;
  /**
   * Events let through in each period: 0 to 4194303 (register 0x600C has 22 bits). OpenEB allows up to 640000 and
   * sets 10000 by default, which is 50 million events per second with periods of 200 µs.
   */
  readonly maximumEventsPerPeriod: number;
}

/** A rate limiter in events per second. `configuration` tells it as an {@link Imx636RateLimiter}. */
export interface Imx636EventRate {
  /**
   * Events let through in a second. At least one, and at most 4194303, in each period: with periods of 200 µs from 5000
   * to 20,971,515,000. The events of a period are rounded down, as in OpenEB.
   */
  readonly maximumEventsPerSecond: number;
  /** See {@link Imx636RateLimiter.referencePeriodUs}. Default 200, as in OpenEB. */
  readonly referencePeriodUs?: number | undefined;
}

/** What a sensor's limiter can count, and how long it does where that is not given. */
export interface RateLimiterBounds {
  readonly maximumEventsPerPeriod: number;
  readonly defaultPeriodUs: number;
}

const periodUs = wholeNumber(1, 1_023);
const unchecked: Check<number> = (value) => value as number;

/** Any of the names; which of them belong together is checked after. */
type Given = { readonly [Name in keyof Imx636RateLimiter | keyof Imx636EventRate]?: number };

const checkNames = object<Given>({
  referencePeriodUs: unchecked,
  maximumEventsPerPeriod: unchecked,
  maximumEventsPerSecond: unchecked,
});

/** A check for the rate limiter of a sensor, or a rate; null is none. */
export function rateLimiterWithin(bounds: RateLimiterBounds): Check<Imx636RateLimiter | null> {
  const eventsPerPeriod = wholeNumber(0, bounds.maximumEventsPerPeriod);
  return (value, name) => {
    if (value === null) return null;
    const given = checkNames(value, name);
    if (given.maximumEventsPerSecond !== undefined) return limiterOfRate(given, name, bounds);
    return Object.freeze({
      referencePeriodUs: periodUs(given.referencePeriodUs, `${name}.referencePeriodUs`),
      maximumEventsPerPeriod: eventsPerPeriod(given.maximumEventsPerPeriod, `${name}.maximumEventsPerPeriod`),
    });
  };
}

/** A check for the limiter of this sensor; the period is OpenEB's. */
export const checkRateLimiter = rateLimiterWithin({ maximumEventsPerPeriod: 4_194_303, defaultPeriodUs: 200 });

function limiterOfRate(
  given: Given,
  name: string,
  { maximumEventsPerPeriod, defaultPeriodUs }: RateLimiterBounds,
): Imx636RateLimiter {
  const perSecond = `${name}.maximumEventsPerSecond`;
  if (given.maximumEventsPerPeriod !== undefined) {
    throw notTogether(perSecond, `${name}.maximumEventsPerPeriod`, "one follows from the other");
  }
  const referencePeriodUs = periodUs(given.referencePeriodUs ?? defaultPeriodUs, `${name}.referencePeriodUs`);
  const slowest = Math.ceil(1_000_000 / referencePeriodUs);
  const fastest = Math.floor(maximumEventsPerPeriod * 1_000_000 / referencePeriodUs);
  const rate = number(slowest, fastest)(given.maximumEventsPerSecond, perSecond);
  return Object.freeze({
    referencePeriodUs,
    maximumEventsPerPeriod: Math.floor(rate * referencePeriodUs / 1_000_000),
  });
}
