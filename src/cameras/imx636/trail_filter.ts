/** Trail and contrast filters. Registers and sequence: OpenEB (`event_trail_filter.cpp`). */

import { type Check, object, oneOf, wholeNumber } from "../../checks.ts";
import { type Condition, type Step, untilSet, when, write } from "../../protocol/steps.ts";
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
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * using device = await open({ libusb: "virtual", type: "prophesee-evk4" });
 * device.updateConfiguration({ trailFilter: { type: "stc-cut-trail", thresholdUs: 10_000 } });
 * device.updateConfiguration({ trailFilter: null });
 * ```
 */
export interface Imx636TrailFilter {
  /** Which events are sent. */
  readonly type: "trail" | "stc-cut-trail" | "stc-keep-trail";
  /**
   * The longest time between events of one burst in µs: 1000 to 100000. The sensor's figures are known for whole
   * milliseconds, so it is rounded to one, which `configuration` then tells. OpenEB's default is 10000.
   */
  readonly thresholdUs: number;
}

const checkFields = object<Imx636TrailFilter>({
  type: oneOf(["trail", "stc-cut-trail", "stc-keep-trail"]),
  thresholdUs: wholeNumber(1_000, 100_000),
}, ["type", "thresholdUs"]);

/** A check for a trail filter, whose threshold it rounds as OpenEB does; null is none. */
export const checkTrailFilter: Check<Imx636TrailFilter | null> = (value, name) => {
  if (value === null) return null;
  const { type, thresholdUs } = checkFields(value, name);
  return Object.freeze({ type, thresholdUs: 1_000 * Math.round(thresholdUs / 1_000) });
};

/** The part of a configuration that the steps are about. */
export interface Filtered {
  readonly trailFilter: Imx636TrailFilter | null;
}

/** Thresholds that the registers hold after a reset, for the one of both filters that is off. */
export const RESET_STC_THRESHOLD_US = 10_000;
const RESET_TRAIL_THRESHOLD_US = 100_000;

/** Fields of the register of the trail filter; of a filter that is on. */
export const trailFields = ({ trailFilter }: Filtered) => {
  const { type, thresholdUs } = trailFilter!;
  return type === "trail" ? { enable: 1, threshold: thresholdUs } : { threshold: RESET_TRAIL_THRESHOLD_US };
};

/** As often as OpenEB asks before it gives up. */
export const INITIALIZATION_READS = 3;

const TRAIL_FILTER_OFF_STEPS: readonly Step[] = [write(REGISTERS.stcPipelineControl, { bypass: 1 })];

/**
 * The filter is bypassed while its parameters change, and its memory is emptied. OpenEB sets `updateAtEveryEvent` on an
 * IMX636; a Gen4.1 has no such bit.
 */
export const trailFilterOnSteps = (updateAtEveryEvent: 0 | 1): readonly Step<Filtered>[] => [
  ...TRAIL_FILTER_OFF_STEPS,
  // OpenEB says that the first write clears the flag; the second one asks for the initialisation.
  write(REGISTERS.stcInitialization, { initDone: 1 }),
  write(REGISTERS.stcInitialization, { initDone: 1, requestInit: 1 }),
  write(REGISTERS.stcParam, ({ trailFilter }: Filtered) => {
    const { type, thresholdUs } = trailFilter!;
    if (type === "trail") return { threshold: RESET_STC_THRESHOLD_US };
    return { enable: 1, threshold: thresholdUs, disableCutTrail: type === "stc-keep-trail" ? 1 : 0 };
  }),
  write(REGISTERS.stcTrailParam, trailFields),
  write(REGISTERS.stcTimestamping, ({ trailFilter }: Filtered) => {
    const { prescaler, multiplier } = trailTiming(trailFilter!.thresholdUs);
    return { prescaler, multiplier, updateAtEveryEvent };
  }),
  write(REGISTERS.stcInvalidation, ({ trailFilter }: Filtered) => ({
    fifoWaitTime: FIFO_WAIT_TIME,
    fifoTimeout: trailTiming(trailFilter!.thresholdUs).fifoTimeout,
  })),
  untilSet(REGISTERS.stcInitialization, "initDone", { reads: INITIALIZATION_READS }),
  write(REGISTERS.stcPipelineControl, {}),
];

const TRAIL_FILTER_ON_STEPS = trailFilterOnSteps(1);

const isFiltered: Condition<Filtered> = ({ trailFilter }) => trailFilter !== null;

/** Part of the bring-up, after the filter has been set up and bypassed. */
export const TRAIL_FILTER: readonly Step<Filtered>[] = when(isFiltered, ...TRAIL_FILTER_ON_STEPS);

/** Steps that bring a running sensor from one filter to another; without `before`, it is not known. */
export function trailFilterSteps(
  before: Filtered | undefined,
  after: Filtered,
  onSteps: readonly Step<Filtered>[] = TRAIL_FILTER_ON_STEPS,
): readonly Step<Filtered>[] {
  const [from, to] = [before?.trailFilter, after.trailFilter];
  if (to === null) return from === null ? [] : TRAIL_FILTER_OFF_STEPS;
  if (from === null || from === undefined) return onSteps;
  return from.type === to.type && from.thresholdUs === to.thresholdUs ? [] : onSteps;
}
