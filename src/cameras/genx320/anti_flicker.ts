/** Anti-flicker filter: that of the IMX636 with other registers, and a memory that is powered first. Source: OpenEB 5.1.1. */

import { modify, type Step, untilSet, write } from "../../protocol/steps.ts";
import {
  antiFlickerSteps as stepsBetween,
  bandFields,
  type Filtered,
  INITIALIZATION_READS,
  thresholdFields,
} from "../imx636/anti_flicker.ts";
import { REGISTERS } from "./registers.ts";

/** OpenEB's figures: its formula for the timeout gives more than the field holds, 4095, in all bands. */
const INVALIDATION = { fifoWaitTime: 4, fifoTimeout: 4_095, inParallel: 5 } as const;

const OFF_STEPS: readonly Step[] = [write(REGISTERS.afkPipelineControl, { enable: 1, bypass: 1 })];

/** The filter is bypassed while its parameters change. */
const ON_STEPS: readonly Step<Filtered>[] = [
  ...OFF_STEPS,
  modify(REGISTERS.sramInitn, { afk: 1 }),
  modify(REGISTERS.sramPd0, { afkAlr: 0, afkStr0: 0, afkStr1: 0 }),
  untilSet(REGISTERS.afkInitialization, "initDone", { reads: INITIALIZATION_READS }),
  write(REGISTERS.afkInvalidation, INVALIDATION),
  write(REGISTERS.afkFilterPeriod, bandFields),
  write(REGISTERS.afkParam, thresholdFields),
  write(REGISTERS.afkPipelineControl, { enable: 1 }),
];

/** Steps that bring a sensor from one filter to another; without `before`, it is not known. */
export function antiFlickerSteps(before: Filtered | undefined, after: Filtered): readonly Step<Filtered>[] {
  return stepsBetween(before, after, { on: ON_STEPS, off: OFF_STEPS });
}
