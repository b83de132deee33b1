/**
 * The parts of a configuration that a streaming Gen4.1 takes: those of an IMX636, whose steps they are but for biases and
 * trigger. Order: neuromorphic-drivers 0.18.1 (biases, masks), then OpenEB's facilities.
 */

import { type Step, write } from "../../protocol/steps.ts";
import { antiFlickerSteps } from "../imx636/anti_flicker.ts";
import { digitalCropSteps } from "../imx636/digital_crop.ts";
import { maskUpdateSteps, PIXEL_MASK_STEP, pixelMasksDiffer } from "../imx636/masks.ts";
import { PACKET_PERIOD_STEP } from "../imx636/packet_period.ts";
import { rateLimiterSteps } from "../imx636/rate_controller.ts";
import { trailFilterSteps } from "../imx636/trail_filter.ts";
import { biasSteps } from "./biases.ts";
import type { Gen41Configuration } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";
import { TRAIL_FILTER_ON_STEPS } from "./trail_filter.ts";
import { EXTERNAL_TRIGGER } from "./trigger.ts";

/**
 * Steps that bring a streaming sensor from one configuration to another, without what is fixed while it is open. Without
 * `before`, what the sensor holds is not known, and everything is written.
 */
export function updateSteps(
  before: Gen41Configuration | undefined,
  after: Gen41Configuration,
): Step<Gen41Configuration>[] {
  const steps: Step<Gen41Configuration>[] = [];
  if (before?.output !== after.output) steps.push(write(REGISTERS.roCtrl, { outputDisable: after.output ? 0 : 1 }));
  steps.push(...biasSteps(before, after), ...maskUpdateSteps(before, after), ...filterSteps(before, after));
  steps.push(...rateLimiterSteps(before, after));
  if (before?.packetPeriodUs !== after.packetPeriodUs) steps.push(PACKET_PERIOD_STEP);
  return steps;
}

/** What neuromorphic-drivers leaves as it is: single pixels, crop, filters and the trigger input. */
export function filterSteps(
  before: Gen41Configuration | undefined,
  after: Gen41Configuration,
): Step<Gen41Configuration>[] {
  return [
    ...(before === undefined || pixelMasksDiffer(before, after) ? [PIXEL_MASK_STEP] : []),
    ...digitalCropSteps(before, after),
    ...antiFlickerSteps(before, after),
    ...trailFilterSteps(before, after, TRAIL_FILTER_ON_STEPS),
    ...(before?.externalTrigger !== after.externalTrigger ? EXTERNAL_TRIGGER : []),
  ];
}
