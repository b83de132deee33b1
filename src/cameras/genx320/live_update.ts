/**
 * The parts of a configuration that a streaming sensor takes, each with the steps that write it: OpenEB 5.1.1 changes all
 * of them while the sensor streams. Clock and format are chosen before the start.
 */

import type { Step } from "../../protocol/steps.ts";
import { activityFilterSteps } from "./activity_filter.ts";
import { antiFlickerSteps } from "./anti_flicker.ts";
import { biasSteps } from "./biases.ts";
import type { Genx320Configuration } from "./configuration.ts";
import { digitalCropSteps } from "./digital_crop.ts";
import { pixelMaskSteps } from "./pixel_mask.ts";
import { rateLimiterSteps } from "./rate_limiter.ts";
import { regionSteps } from "./regions.ts";
import { EXTERNAL_TRIGGER_STEPS } from "./synchronisation.ts";
import { trailFilterSteps } from "./trail_filter.ts";

/**
 * Steps that bring a sensor from one configuration to another, without what is fixed while it is open. Without `before`,
 * what the sensor holds is not known, and everything is written.
 */
export function updateSteps(
  before: Genx320Configuration | undefined,
  after: Genx320Configuration,
): Step<Genx320Configuration>[] {
  return [
    ...biasSteps(before?.biases, after.biases),
    ...regionSteps(before, after),
    ...pixelMaskSteps(before, after),
    ...digitalCropSteps(before, after),
    ...antiFlickerSteps(before, after),
    ...trailFilterSteps(before, after),
    ...activityFilterSteps(before, after),
    ...rateLimiterSteps(before, after),
    ...(before?.externalTrigger === after.externalTrigger ? [] : EXTERNAL_TRIGGER_STEPS),
  ];
}
