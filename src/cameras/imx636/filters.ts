import { type Step, write } from "../../protocol/steps.ts";
import { ANTI_FLICKER } from "./anti_flicker.ts";
import type { Imx636Configuration } from "./configuration.ts";
import { DIGITAL_CROP } from "./digital_crop.ts";
import { REGISTERS } from "./registers.ts";
import { TRAIL_FILTER } from "./trail_filter.ts";

/** Anti-flicker and trail filters: set up, and bypassed. */
export const FILTERS: readonly Step[] = [
  write(REGISTERS.afkFilterPeriod, { minimumCutoffPeriod: 15, maximumCutoffPeriod: 156, invertedDutyCycle: 8 }),
  write(REGISTERS.afkPipelineControl, { bypass: 1 }),
  write(REGISTERS.stcTimestamping, { prescaler: 13, multiplier: 1 }),
  write(REGISTERS.stcParam, { threshold: 1_480, disableCutTrail: 1 }),
  write(REGISTERS.stcTrailParam, { threshold: 100_000 }),
  write(REGISTERS.stcInvalidation, { fifoWaitTime: 4, fifoTimeout: 280 }),
  write(REGISTERS.stcInitialization, {}),
  write(REGISTERS.stcPipelineControl, { bypass: 1 }),
];

/** The filters that are configured; without any, nothing. */
export const CONFIGURED_FILTERS: readonly Step<Imx636Configuration>[] = [
  ...DIGITAL_CROP,
  ...ANTI_FLICKER,
  ...TRAIL_FILTER,
];
