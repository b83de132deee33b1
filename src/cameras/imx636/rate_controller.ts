/**
 * Event rate controller. The sequence of the bring-up: neuromorphic-drivers 0.16.1 (`prophesee_evk4.rs`). Changes while
 * the sensor runs: OpenEB (`gen41_erc.cpp`); neuromorphic-drivers ignores them.
 */

import { type Condition, type Step, when, write, writeBlock } from "../../protocol/steps.ts";
import type { Imx636Features } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** Steps that write the rate limiter's figures; only where there is a limiter. */
const PERIOD_STEP: Step<Imx636Features> = write(
  REGISTERS.ercReferencePeriod,
  ({ rateLimiter }) => ({ periodUs: rateLimiter?.referencePeriodUs ?? 0 }),
);
const COUNT_STEP: Step<Imx636Features> = write(
  REGISTERS.ercTdTargetEventRate,
  ({ rateLimiter }) => ({ eventsPerPeriod: rateLimiter?.maximumEventsPerPeriod ?? 0 }),
);
const RATE_STEPS: readonly Step<Imx636Features>[] = [PERIOD_STEP, COUNT_STEP];

/**
 * Steps for a running sensor. A camera that was opened without limiter has the whole block off, therefore the first
 * and the last but one; OpenEB leaves the block on and toggles the last register only.
 */
const LIMITER_ON_STEPS: readonly Step<Imx636Features>[] = [
  write(REGISTERS.ercInDropRateControl, { enable: 1 }),
  ...RATE_STEPS,
  write(REGISTERS.ercControl, { enable: 1 }),
  write(REGISTERS.ercTDroppingControl, { enable: 1 }),
];

const LIMITER_OFF_STEPS: readonly Step[] = [write(REGISTERS.ercTDroppingControl, { enable: 0 })];

const isLimited: Condition<Imx636Features> = ({ rateLimiter }) => rateLimiter !== null;
const isUnlimited: Condition<Imx636Features> = ({ rateLimiter }) => rateLimiter === null;

/** Sets the controller up; it drops events in time only, not in rows or columns. */
export const RATE_CONTROLLER: readonly Step<Imx636Features>[] = [
  write(REGISTERS.ercReserved6000, 0x0015_5400),
  ...when(
    isLimited,
    write(REGISTERS.ercInDropRateControl, { enable: 1 }),
    ...RATE_STEPS,
    write(REGISTERS.ercControl, { enable: 1 }),
  ),
  ...when(
    isUnlimited,
    write(REGISTERS.ercInDropRateControl, { enable: 0 }),
    write(REGISTERS.ercControl, { enable: 0 }),
  ),
  write(REGISTERS.ercReserved602C, 1),
  writeBlock(REGISTERS.ercReserved6800, () => 0x0808_0808),
  // neuromorphic-drivers writes 2 here, though 0 on an EVK3 HD; OpenEB writes 0.
  write(REGISTERS.ercReserved602C, 0),
  writeBlock(REGISTERS.ercTDropLut, (index) => ({ even: 2 * index, odd: 2 * index + 1 })),
  write(REGISTERS.ercTDroppingControl, ({ rateLimiter }) => ({ enable: rateLimiter === null ? 0 : 1 })),
  write(REGISTERS.ercHDroppingControl, { enable: 0 }),
  write(REGISTERS.ercVDroppingControl, { enable: 0 }),
  write(REGISTERS.ercReserved6000, 0x0015_5401),
];

/** Steps that bring a running sensor from one limiter to another; without `before`, it is not known. */
export function rateLimiterSteps(
  before: Imx636Features | undefined,
  after: Imx636Features,
): readonly Step<Imx636Features>[] {
  const [from, to] = [before?.rateLimiter, after.rateLimiter];
  if (to === null) return from === null ? [] : LIMITER_OFF_STEPS;
  if (from === null || from === undefined) return LIMITER_ON_STEPS;
  const steps: Step<Imx636Features>[] = [];
  if (from.referencePeriodUs !== to.referencePeriodUs) steps.push(PERIOD_STEP);
  if (from.maximumEventsPerPeriod !== to.maximumEventsPerPeriod) steps.push(COUNT_STEP);
  return steps;
}
