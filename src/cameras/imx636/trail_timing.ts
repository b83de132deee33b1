/**
 * How finely the trail filter measures time, and when it forgets a pixel.
 *
 * OpenEB has a table of 100 thresholds (`event_trail_filter.cpp`) and says nothing of its origin. The rule below gives
 * all of its figures; that it is the sensor's is inferred. The sensor keeps a short count of ticks for each pixel, so
 * the tick must be long enough for the threshold, and a count must be invalidated before it would wrap:
 *
 *     threshold   10 ms                     the shortest tick that works for it is 2^13 / 9 = 910 µs
 *     in ticks    round(10000 / 910) = 11   3 ticks are left of 14
 *     timeout     3 * 910 µs / 28.8 µs      28.8 µs is a walk through the filter's memory: 94 walks, 4 of them waiting
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

/** A sensor's memory of blocks of 4 x 4 pixels; inferred from OpenEB's table. */
export interface TrailMemory {
  /** How long a walk through the memory takes. */
  readonly walkNs: number;
  /** The least timeout of the table. */
  readonly minimumTimeout: number;
}

/** 57600 blocks, 10 at a time (register 0xD0C0, bits 27:24), each in 5 ns. */
const MEMORY: TrailMemory = { walkNs: 57_600 / 10 * 5, minimumTimeout: 90 };

/** `fifoWaitTime` of the same register, in walks. */
export const FIFO_WAIT_TIME = 4;

/** Figures for a threshold from 1000 to 100000 µs. */
export function trailTiming(thresholdUs: number, { walkNs, minimumTimeout }: TrailMemory = MEMORY): TrailTiming {
  for (const { prescaler, multiplier } of ticks()) {
    const tickUs = 2 ** prescaler / multiplier;
    const ticksLeft = COUNTED_TICKS - Math.round(thresholdUs / tickUs);
    const walks = Math.ceil(1_000 * ticksLeft * Math.floor(tickUs) / walkNs) - 1;
    const fifoTimeout = walks - FIFO_WAIT_TIME;
    if (fifoTimeout >= minimumTimeout) return { prescaler, multiplier, fifoTimeout };
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
