/**
 * The parts of a configuration that a streaming sensor takes, each with the steps that write it. OpenEB changes biases,
 * masks, noise filter and trigger while the sensor streams, metavision_driver the packet period. The clock is chosen
 * before the start: OpenEB refuses a change while the sensor streams.
 */

import { type Step, write } from "../../protocol/steps.ts";
import { linesDiffer } from "../masks/mask.ts";
import { biasSteps } from "./biases.ts";
import type { Gen31Configuration } from "./configuration.ts";
import { maskSteps } from "./masks.ts";
import { REGISTERS } from "./registers.ts";

/** The period over which OpenEB lets the filter count. */
const NOISE_FILTER_PERIOD_US = 1_023;

/** Step that switches the trigger input. */
export const EXTERNAL_TRIGGER_STEP: Step<Gen31Configuration> = write(
  REGISTERS.triggerEnable,
  ({ externalTrigger }) => ({ main: externalTrigger ? 1 : 0 }),
);

const PACKET_PERIOD_STEP: Step<Gen31Configuration> = write(
  REGISTERS.mipiFramePeriod,
  ({ packetPeriodUs }) => ({ us: packetPeriodUs }),
);

/** Steps that set the noise filter: the threshold first, so that it is on with no other one. */
export const NOISE_FILTER_STEPS: readonly Step<Gen31Configuration>[] = [
  {
    ...write(REGISTERS.noiseFilterThreshold, ({ noiseFilter }: Gen31Configuration) => ({
      events: thresholdEvents(noiseFilter!.minimumEventsPerSecond),
      periodUs: NOISE_FILTER_PERIOD_US,
    })),
    when: ({ noiseFilter }) => noiseFilter !== null,
  },
  write(REGISTERS.noiseFilterControl, ({ noiseFilter }) => ({ enable: noiseFilter === null ? 0 : 1 })),
];

/**
 * Steps that bring a streaming sensor from one configuration to another, without the clock. Without `before`, what
 * the sensor holds is not known, and everything is written.
 */
export function updateSteps(
  before: Gen31Configuration | undefined,
  after: Gen31Configuration,
): Step<Gen31Configuration>[] {
  const steps = biasSteps(before?.biases, after.biases);
  if (before === undefined || linesDiffer(before, after)) steps.push(...maskSteps("running"));
  if (
    before?.noiseFilter?.minimumEventsPerSecond !== after.noiseFilter?.minimumEventsPerSecond || before === undefined
  ) {
    steps.push(...NOISE_FILTER_STEPS);
  }
  if (before?.externalTrigger !== after.externalTrigger) steps.push(EXTERNAL_TRIGGER_STEP);
  if (before?.packetPeriodUs !== after.packetPeriodUs) steps.push(PACKET_PERIOD_STEP);
  return steps;
}

/** As OpenEB: the rate is rounded to thousands first. */
function thresholdEvents(perSecond: number): number {
  return Math.round(Math.round(perSecond / 1_000) * NOISE_FILTER_PERIOD_US / 1_000);
}
