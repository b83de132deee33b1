import { type Step, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

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
