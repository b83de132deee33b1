/** Trail and contrast filters. Registers and sequence: OpenEB 5.1.1. */

import { type Check, object, oneOf, wholeNumber } from "../../checks.ts";
import { modify, type Step, untilSet, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";
import { FIFO_WAIT_TIME, trailTiming } from "./trail_timing.ts";

/**
 * Filter of the sensor for bursts: the events of one polarity in one pixel that follow each other within the threshold.
 * A burst begins where the polarity changes, or after a longer time without event.
 *
 * | type               | which events of a burst are sent                                            |
 * | ------------------ | --------------------------------------------------------------------------- |
 * | `"trail"`          | the first: one for each edge                                                |
 * | `"stc-cut-trail"`  | the second: one for each edge, and none of single events, which noise makes |
 * | `"stc-keep-trail"` | all but the first: none of single events                                    |
 *
 * Source: OpenEB (`I_EventTrailFilterModule`). Switching it on throws a `NeuromorphicError` "io" where the sensor does not
 * tell that the filter's memory is ready.
 */
export interface Genx320TrailFilter {
  /** Which events are sent. */
  readonly type: "trail" | "stc-cut-trail" | "stc-keep-trail";
  /**
   * The longest time between events of one burst in µs: 1000 to 100000. The sensor's figures are known for whole
   * milliseconds, so it is rounded to one, which `configuration` then tells. OpenEB's default is 10000.
   */
  readonly thresholdUs: number;
}

const checkFields = object<Genx320TrailFilter>({
  type: oneOf(["trail", "stc-cut-trail", "stc-keep-trail"]),
  thresholdUs: wholeNumber(1_000, 100_000),
}, ["type", "thresholdUs"]);

/** A check for a trail filter, whose threshold it rounds as OpenEB does; null is none. */
export const checkTrailFilter: Check<Genx320TrailFilter | null> = (value, name) => {
  if (value === null) return null;
  const { type, thresholdUs } = checkFields(value, name);
  return Object.freeze({ type, thresholdUs: 1_000 * Math.round(thresholdUs / 1_000) });
};

interface Filtered {
  readonly trailFilter: Genx320TrailFilter | null;
}

/** Thresholds that the registers hold after a reset, for the one of both filters that is off. */
const RESET_STC_THRESHOLD_US = 10_000;
const RESET_TRAIL_THRESHOLD_US = 100_000;

/** As often as OpenEB asks before it gives up. */
const INITIALIZATION_READS = 3;

const TRAIL_FILTER_OFF_STEPS: readonly Step[] = [write(REGISTERS.stcPipelineControl, { enable: 1, bypass: 1 })];

/** The filter is bypassed while its parameters change, and its memory is emptied. */
const TRAIL_FILTER_ON_STEPS: readonly Step<Filtered>[] = [
  ...TRAIL_FILTER_OFF_STEPS,
  // The first write clears the flag, and the last asks for the initialisation; its memory is powered in between.
  write(REGISTERS.stcInitialization, { initDone: 1 }),
  modify(REGISTERS.sramInitn, { stc: 1 }),
  modify(REGISTERS.sramPd0, { stc0: 0 }),
  write(REGISTERS.stcInitialization, { initDone: 1, requestInit: 1 }),
  write(REGISTERS.stcParam, ({ trailFilter }: Filtered) => {
    const { type, thresholdUs } = trailFilter!;
    if (type === "trail") return { threshold: RESET_STC_THRESHOLD_US, disableCutTrail: 1 };
    return { enable: 1, threshold: thresholdUs, disableCutTrail: type === "stc-keep-trail" ? 1 : 0 };
  }),
  write(REGISTERS.stcTrailParam, ({ trailFilter }: Filtered) => {
    const { type, thresholdUs } = trailFilter!;
    return type === "trail" ? { enable: 1, threshold: thresholdUs } : { threshold: RESET_TRAIL_THRESHOLD_US };
  }),
  write(REGISTERS.stcTimestamping, ({ trailFilter }: Filtered) => {
    const { prescaler, multiplier } = trailTiming(trailFilter!.thresholdUs);
    return { prescaler, multiplier, round: 1, updateAtEveryEvent: 1 };
  }),
  write(REGISTERS.stcInvalidation, ({ trailFilter }: Filtered) => ({
    fifoWaitTime: FIFO_WAIT_TIME,
    fifoTimeout: trailTiming(trailFilter!.thresholdUs).fifoTimeout,
    inParallel: 5,
  })),
  untilSet(REGISTERS.stcInitialization, "initDone", { reads: INITIALIZATION_READS }),
  write(REGISTERS.stcPipelineControl, { enable: 1 }),
];

/** Steps that bring a sensor from one filter to another; without `before`, it is not known. */
export function trailFilterSteps(before: Filtered | undefined, after: Filtered): readonly Step<Filtered>[] {
  const [from, to] = [before?.trailFilter, after.trailFilter];
  if (to === null) return from === null ? [] : TRAIL_FILTER_OFF_STEPS;
  if (from === null || from === undefined) return TRAIL_FILTER_ON_STEPS;
  return from.type === to.type && from.thresholdUs === to.thresholdUs ? [] : TRAIL_FILTER_ON_STEPS;
}
