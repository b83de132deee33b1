/**
 * The parts of a configuration that a streaming sensor takes, each with the steps that write it.
 *
 * Output, biases and masks: neuromorphic-drivers 0.16.1, `prophesee_evk4.rs`, `update_configuration`. Rate limiter and
 * external trigger: OpenEB changes them while the sensor runs (`gen41_erc.cpp`, `imx636_tz_trigger_event.cpp`);
 * neuromorphic-drivers ignores such changes. The clock has no part here: both choose it before the start.
 */

import type { PropheseeEvk4Biases, PropheseeEvk4Configuration } from "./configuration.ts";
import { columnMaskWord, pixelMaskFields, rowMaskWord } from "../imx636/masks.ts";
import type { RegisterName } from "../imx636/registers.ts";
import { type Step, write, writeBlock } from "./sequence.ts";

/** Register of each bias, in the order in which they are read and written. */
export const BIAS_REGISTERS = [
  ["pr", "biasPr"],
  ["fo", "biasFo"],
  ["hpf", "biasHpf"],
  ["diffOn", "biasDiffOn"],
  ["diff", "biasDiff"],
  ["diffOff", "biasDiffOff"],
  ["inv", "biasInv"],
  ["refr", "biasRefr"],
  ["reqpuy", "biasReqpuy"],
  ["reqpux", "biasReqpux"],
  ["sendreqpdy", "biasSendreqpdy"],
  ["unknown1", "biasUnknown1"],
  ["unknown2", "biasUnknown2"],
] as const satisfies readonly (readonly [keyof PropheseeEvk4Biases, RegisterName])[];

/** Steps that write a bias. */
export const BIAS_STEPS: readonly Step[] = BIAS_REGISTERS.map(([name, register]) =>
  write(register, ({ biases }) => ({ idacCtl: biases[name] }))
);

/** Steps that write the masks of rows and columns; before the start, the pixels stay in reset. */
export function maskSteps(sensor: "in-reset" | "running"): Step[] {
  return [
    writeBlock("tdRoiX", (index, { xMask }) => columnMaskWord(xMask, index)),
    writeBlock("tdRoiY", (index, { yMask }) => rowMaskWord(yMask, index)),
    write("roiCtrl", ({ maskIntersectionOnly }) => ({
      tdEnable: 1,
      shadowTrigger: 1,
      roniNEn: maskIntersectionOnly ? 0 : 1,
      tdRstn: sensor === "running" ? 1 : 0,
    })),
  ];
}

/** Step that writes the 64 slots of the single-pixel mask; it needs no commit. */
export const PIXEL_MASK_STEP: Step = writeBlock(
  "digitalMaskPixel",
  (index, { pixelMask }) => pixelMaskFields(pixelMask, index),
);

/** Step that switches the trigger input. */
export const EXTERNAL_TRIGGER_STEP: Step = write("edfReserved7004", ({ externalTrigger }) => ({
  externalTrigger: externalTrigger ? 1 : 0,
}));

/** Steps that write the rate limiter's figures; only where there is a limiter. */
export const RATE_STEPS: readonly Step[] = [
  write("ercReferencePeriod", ({ rateLimiter }) => ({ periodUs: rateLimiter?.referencePeriodUs ?? 0 })),
  write("ercTdTargetEventRate", ({ rateLimiter }) => ({ eventsPerPeriod: rateLimiter?.maximumEventsPerPeriod ?? 0 })),
];

/**
 * Steps for a running sensor. A camera that was opened without limiter has the whole block off, therefore the first
 * and the last but one; OpenEB leaves the block on and toggles the last register only.
 */
const LIMITER_ON_STEPS: readonly Step[] = [
  write("ercInDropRateControl", { enable: 1 }),
  ...RATE_STEPS,
  write("ercControl", { enable: 1 }),
  write("ercTDroppingControl", { enable: 1 }),
];

const LIMITER_OFF_STEPS: readonly Step[] = [write("ercTDroppingControl", { enable: 0 })];

const RUNNING_MASK_STEPS = maskSteps("running");

/**
 * Steps that bring a streaming sensor from one configuration to another, without the clock. Without `before`, what
 * the sensor holds is not known, and everything is written.
 */
export function updateSteps(
  before: PropheseeEvk4Configuration | undefined,
  after: PropheseeEvk4Configuration,
): Step[] {
  const steps: Step[] = [];
  if (before?.output !== after.output) steps.push(write("roCtrl", { outputDisable: after.output ? 0 : 1 }));
  BIAS_REGISTERS.forEach(([name], index) => {
    if (before?.biases[name] !== after.biases[name]) steps.push(BIAS_STEPS[index]!);
  });
  if (before === undefined || masksDiffer(before, after)) steps.push(...RUNNING_MASK_STEPS);
  if (before === undefined || pixelMasksDiffer(before, after)) steps.push(PIXEL_MASK_STEP);
  steps.push(...rateLimiterSteps(before, after));
  if (before?.externalTrigger !== after.externalTrigger) steps.push(EXTERNAL_TRIGGER_STEP);
  return steps;
}

function rateLimiterSteps(
  before: PropheseeEvk4Configuration | undefined,
  after: PropheseeEvk4Configuration,
): readonly Step[] {
  const [from, to] = [before?.rateLimiter, after.rateLimiter];
  if (to === null) return from === null ? [] : LIMITER_OFF_STEPS;
  if (from === null || from === undefined) return LIMITER_ON_STEPS;
  const same = from.referencePeriodUs === to.referencePeriodUs &&
    from.maximumEventsPerPeriod === to.maximumEventsPerPeriod;
  return same ? [] : RATE_STEPS;
}

function masksDiffer(before: PropheseeEvk4Configuration, after: PropheseeEvk4Configuration): boolean {
  return before.maskIntersectionOnly !== after.maskIntersectionOnly ||
    before.xMask.some((masked, x) => masked !== after.xMask[x]) ||
    before.yMask.some((masked, y) => masked !== after.yMask[y]);
}

function pixelMasksDiffer(before: PropheseeEvk4Configuration, after: PropheseeEvk4Configuration): boolean {
  return before.pixelMask.length !== after.pixelMask.length ||
    before.pixelMask.some(({ x, y }, index) => x !== after.pixelMask[index]!.x || y !== after.pixelMask[index]!.y);
}
