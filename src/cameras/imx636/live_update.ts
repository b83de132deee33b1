/**
 * The parts of a configuration that a streaming sensor takes, each with the steps that write it.
 *
 * Output, biases and masks: neuromorphic-drivers 0.16.1, `prophesee_evk4.rs`, `update_configuration`. Digital crop, filters,
 * rate limiter and external trigger: OpenEB changes them while the sensor runs (`gen41_digital_crop.cpp`, `gen41_erc.cpp`,
 * `imx636_tz_trigger_event.cpp`). The clock and the format of the events have no part here: they are chosen before the
 * start.
 */

import { type Step, write } from "../../protocol/steps.ts";
import { antiFlickerSteps } from "./anti_flicker.ts";
import { BIAS_REGISTERS, BIAS_STEPS, type Imx636Settings } from "./biases.ts";
import type { Imx636Configuration } from "./configuration.ts";
import { digitalCropSteps } from "./digital_crop.ts";
import { maskUpdateSteps, PIXEL_MASK_STEP, pixelMasksDiffer } from "./masks.ts";
import { PACKET_PERIOD_STEP } from "./packet_period.ts";
import { rateLimiterSteps } from "./rate_controller.ts";
import { REGISTERS } from "./registers.ts";
import { trailFilterSteps } from "./trail_filter.ts";

/** Step that switches the trigger input. */
export const EXTERNAL_TRIGGER_STEP: Step<Imx636Configuration> = write(
  REGISTERS.edfReserved7004,
  ({ externalTrigger }) => ({
    externalTrigger: externalTrigger ? 1 : 0,
  }),
);

/**
 * Steps that bring a streaming sensor from one configuration to another, without what is fixed while it is open. Without
 * `before`, what the sensor holds is not known, and everything is written.
 */
export function updateSteps(
  before: Imx636Configuration | undefined,
  after: Imx636Configuration,
): Step<Imx636Settings>[] {
  const steps: Step<Imx636Settings>[] = [];
  if (before?.output !== after.output) steps.push(write(REGISTERS.roCtrl, { outputDisable: after.output ? 0 : 1 }));
  BIAS_REGISTERS.forEach(([name], index) => {
    if (before?.biases[name] !== after.biases[name]) steps.push(BIAS_STEPS[index]!);
  });
  steps.push(...maskUpdateSteps(before, after));
  if (before === undefined || pixelMasksDiffer(before, after)) steps.push(PIXEL_MASK_STEP);
  steps.push(...digitalCropSteps(before, after));
  steps.push(...antiFlickerSteps(before, after));
  steps.push(...trailFilterSteps(before, after));
  steps.push(...rateLimiterSteps(before, after));
  if (before?.externalTrigger !== after.externalTrigger) steps.push(EXTERNAL_TRIGGER_STEP);
  if (before?.packetPeriodUs !== after.packetPeriodUs) steps.push(PACKET_PERIOD_STEP);
  return steps;
}
