/**
 * The parts of a configuration that a streaming sensor takes, each with the steps that write it.
 *
 * Output, biases and masks: neuromorphic-drivers 0.16.1, `prophesee_evk4.rs`, `update_configuration`. Rate limiter and
 * external trigger: OpenEB changes them while the sensor runs (`gen41_erc.cpp`, `imx636_tz_trigger_event.cpp`);
 * neuromorphic-drivers ignores such changes. The clock has no part here: both choose it before the start.
 */

import { type Step, write } from "../../protocol/steps.ts";
import { BIAS_REGISTERS, BIAS_STEPS } from "./biases.ts";
import type { Imx636Configuration } from "./configuration.ts";
import { masksDiffer, maskSteps, PIXEL_MASK_STEP, pixelMasksDiffer } from "./masks.ts";
import { rateLimiterSteps } from "./rate_controller.ts";
import { REGISTERS } from "./registers.ts";

/** Step that switches the trigger input. */
export const EXTERNAL_TRIGGER_STEP: Step<Imx636Configuration> = write(
  REGISTERS.edfReserved7004,
  ({ externalTrigger }) => ({
    externalTrigger: externalTrigger ? 1 : 0,
  }),
);

const RUNNING_MASK_STEPS = maskSteps("running");

/**
 * Steps that bring a streaming sensor from one configuration to another, without the clock. Without `before`, what
 * the sensor holds is not known, and everything is written.
 */
export function updateSteps(
  before: Imx636Configuration | undefined,
  after: Imx636Configuration,
): Step<Imx636Configuration>[] {
  const steps: Step<Imx636Configuration>[] = [];
  if (before?.output !== after.output) steps.push(write(REGISTERS.roCtrl, { outputDisable: after.output ? 0 : 1 }));
  BIAS_REGISTERS.forEach(([name], index) => {
    if (before?.biases[name] !== after.biases[name]) steps.push(BIAS_STEPS[index]!);
  });
  if (before === undefined || masksDiffer(before, after)) steps.push(...RUNNING_MASK_STEPS);
  if (before === undefined || pixelMasksDiffer(before, after)) steps.push(PIXEL_MASK_STEP);
  steps.push(...rateLimiterSteps(before, after));
  if (before?.externalTrigger !== after.externalTrigger) steps.push(EXTERNAL_TRIGGER_STEP);
  return steps;
}
