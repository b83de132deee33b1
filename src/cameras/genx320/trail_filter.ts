/**
 * Trail and contrast filters: those of the IMX636 with other registers, and a memory that is powered first. Source: OpenEB
 * 5.1.1.
 */

import { modify, type Step, untilSet, write } from "../../protocol/steps.ts";
import {
  type Filtered,
  INITIALIZATION_READS,
  RESET_STC_THRESHOLD_US,
  trailFields,
  trailFilterSteps as stepsBetween,
} from "../imx636/trail_filter.ts";
import { FIFO_WAIT_TIME } from "../imx636/trail_timing.ts";
import { REGISTERS } from "./registers.ts";
import { trailTiming } from "./trail_timing.ts";

/** The filter is bypassed while its parameters change, and its memory is emptied. */
const ON_STEPS: readonly Step<Filtered>[] = [
  write(REGISTERS.stcPipelineControl, { enable: 1, bypass: 1 }),
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
  write(REGISTERS.stcTrailParam, trailFields),
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

/** Steps that bring a sensor from one filter to another; without `before`, it is not known. Off is off as on an IMX636. */
export function trailFilterSteps(before: Filtered | undefined, after: Filtered): readonly Step<Filtered>[] {
  return stepsBetween(before, after, ON_STEPS);
}
