/**
 * How finely the trail filter measures time, and when it forgets a pixel. OpenEB 5.1.1 has a table of 100 thresholds for this
 * sensor; the rule of an IMX636 (see there) gives all but one of its figures with another walk through the memory.
 */

/** Figures of the trail filter's registers for one threshold. */
export interface TrailTiming {
  /** Power of two of the tick, in µs. */
  readonly prescaler: number;
  /** What that is divided by: 1 to 15. */
  readonly multiplier: number;
  /** When a pixel's time is invalidated. */
  readonly fifoTimeout: number;
}

/** The ticks of a count that a pixel's time may take until it is invalidated. */
const COUNTED_TICKS = 14;

/** 6400 blocks of 4 x 4 pixels, 5 at a time, each in 20 ns: inferred from the table. */
const WALK_NS = 6_400 / 5 * 20;

/** `fifoWaitTime` of the same register, in walks. */
export const FIFO_WAIT_TIME = 4;

/** The least timeout of the table. */
const MINIMUM_TIMEOUT = 27;

/** The table's figures for the shortest threshold, where the rule gives a timeout of 33. */
const SHORTEST: TrailTiming = { prescaler: 11, multiplier: 15, fifoTimeout: 32 };

/** Figures for a threshold from 1000 to 100000 µs. */
export function trailTiming(thresholdUs: number): TrailTiming {
  if (thresholdUs === 1_000) return SHORTEST;
  for (const { prescaler, multiplier } of ticks()) {
    const tickUs = 2 ** prescaler / multiplier;
    const ticksLeft = COUNTED_TICKS - Math.round(thresholdUs / tickUs);
    const walks = Math.ceil(1_000 * ticksLeft * Math.floor(tickUs) / WALK_NS) - 1;
    const fifoTimeout = walks - FIFO_WAIT_TIME;
    if (fifoTimeout >= MINIMUM_TIMEOUT) return { prescaler, multiplier, fifoTimeout };
  }
  throw new RangeError(`no tick fits a threshold of ${thresholdUs} µs`);
}

/** The ticks that the registers can express, each in lowest terms, the shortest first. */
function* ticks(): Generator<{ readonly prescaler: number; readonly multiplier: number }> {
  for (let power = 4; power < 32; ++power) {
    for (let divisor = 15; divisor >= 8; --divisor) {
      const twos = Math.log2(divisor & -divisor);
      yield { prescaler: power - twos, multiplier: divisor >> twos };
    }
  }
}
