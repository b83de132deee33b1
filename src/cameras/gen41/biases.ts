/**
 * Biases of the Gen4.1: codes, as in neuromorphic-drivers, OpenEB and Metavision's bias files for this sensor. None of
 * them reads codes of the chip itself, as they do with an IMX636.
 */

import { outOfRange } from "../../checks.ts";
import { type Step, write } from "../../protocol/steps.ts";
import { REGISTERS } from "./registers.ts";

/**
 * Biases of the pixels: codes from 0 to 255 of the sensor's current DACs.
 *
 * The defaults are those of neuromorphic-drivers 0.18.1, OpenEB 5.1.1 and Prophesee's bias file for this sensor, which are
 * the same. The recommended ranges are OpenEB's. The option `beyondRecommendedBiases` allows more. The effects are those
 * of Prophesee's documentation, "Biases".
 */
export interface Gen41Biases {
  /** Analogue setting, to be left as it is. Default 105. */
  readonly pr: number;
  /** Low-pass filter: higher is faster and noisier. Default 74, recommended 45 to 110. */
  readonly fo: number;
  /** Counterpart of `fo` (register 0x1008), to be left as it is. Default 0. */
  readonly foN: number;
  /** High-pass filter: higher removes slow changes. Default 0, recommended 0 to 120. */
  readonly hpf: number;
  /**
   * Contrast threshold of ON events: the farther above `diff`, the less sensitive. Default 115, recommended: up to 140, and
   * at least 15 above `diff`.
   */
  readonly diffOn: number;
  /** Reference of the two thresholds, to be left as it is. Default 80, recommended 52 to 100. */
  readonly diff: number;
  /**
   * Contrast threshold of OFF events: the farther below `diff`, the less sensitive. Default 52, recommended: from 25 on,
   * and at least 15 below `diff`.
   */
  readonly diffOff: number;
  /** Refractory period of a pixel: higher is a shorter dead time. Default 68, recommended 20 to 100. */
  readonly refr: number;
  /** Readout setting, to be left as it is. Default 148. */
  readonly reqpuy: number;
  /** Register 0x104C; its effect is unknown. Default 120. */
  readonly blk: number;
}

/** Some of the biases. */
export type Gen41BiasChanges = { readonly [Name in keyof Gen41Biases]?: number | undefined };

/** A range of codes. */
export interface Gen41BiasRange {
  /** The lowest code. */
  readonly minimum: number;
  /** The highest code. */
  readonly maximum: number;
}

/** A bias as it is set, with its bounds. */
export interface Gen41BiasState extends Gen41BiasRange {
  /** As in the configuration in force. */
  readonly code: number;
  /** Recommended codes, with the present `diff`; undefined where no source names any. */
  readonly recommended: Gen41BiasRange | undefined;
}

/** All biases as they are set. */
export type Gen41BiasStates = { readonly [Name in keyof Gen41Biases]: Gen41BiasState };

export const DEFAULT_BIASES: Gen41Biases = Object.freeze({
  pr: 105,
  fo: 74,
  foN: 0,
  hpf: 0,
  diffOn: 115,
  diff: 80,
  diffOff: 52,
  refr: 68,
  reqpuy: 148,
  blk: 120,
});

type BiasName = keyof Gen41Biases;

/** Register of each bias, in the order in which they are written. */
const BIAS_REGISTERS = [
  ["pr", REGISTERS.biasPr],
  ["fo", REGISTERS.biasFo],
  ["foN", REGISTERS.biasFoN],
  ["hpf", REGISTERS.biasHpf],
  ["diffOn", REGISTERS.biasDiffOn],
  ["diff", REGISTERS.biasDiff],
  ["diffOff", REGISTERS.biasDiffOff],
  ["refr", REGISTERS.biasRefr],
  ["reqpuy", REGISTERS.biasReqpuy],
  ["blk", REGISTERS.biasBlk],
] as const satisfies readonly (readonly [BiasName, unknown])[];

interface Biased {
  readonly biases: Gen41Biases;
}

/** Steps that write the biases, each of which is one. */
export const BIAS_STEPS: readonly Step<Biased>[] = BIAS_REGISTERS.map(([name, register]) =>
  write(register, ({ biases }: Biased) => ({ idacCtl: biases[name] }))
);

/** Steps that bring a running sensor from some biases to others; without `before`, they are not known. */
export function biasSteps(before: Biased | undefined, after: Biased): Step<Biased>[] {
  return BIAS_STEPS.filter((_, index) => {
    const [name] = BIAS_REGISTERS[index]!;
    return before?.biases[name] !== after.biases[name];
  });
}

const CODES: Gen41BiasRange = { minimum: 0, maximum: 255 };

/** Codes that OpenEB 5.1.1 accepts (`gen41_ll_biases.cpp`). It has no others than these six. */
const RECOMMENDED: { readonly [Name in BiasName]?: Gen41BiasRange } = {
  fo: { minimum: 45, maximum: 110 },
  hpf: { minimum: 0, maximum: 120 },
  diffOn: { minimum: 0, maximum: 140 },
  diff: { minimum: 52, maximum: 100 },
  diffOff: { minimum: 25, maximum: 255 },
  refr: { minimum: 20, maximum: 100 },
};

/** As far OpenEB keeps the thresholds from `diff`. */
const THRESHOLD_DISTANCE = 15;

function recommendedCodes(name: BiasName, { diff }: Gen41Biases): Gen41BiasRange | undefined {
  const range = RECOMMENDED[name];
  if (range === undefined) return undefined;
  const minimum = name === "diffOn" ? Math.max(range.minimum, diff + THRESHOLD_DISTANCE) : range.minimum;
  const maximum = name === "diffOff" ? Math.min(range.maximum, diff - THRESHOLD_DISTANCE) : range.maximum;
  return { minimum, maximum };
}

/** Throws a `RangeError` for a bias that is not recommended. */
export function checkRecommended(biases: Gen41Biases): void {
  for (const [name] of BIAS_REGISTERS) {
    const range = recommendedCodes(name, biases);
    if (range === undefined || (biases[name] >= range.minimum && biases[name] <= range.maximum)) continue;
    const why = name === "diffOn" || name === "diffOff" ? `recommended with diff ${biases.diff}` : "recommended";
    throw outOfRange(
      `configuration.biases.${name}`,
      `a whole number from ${range.minimum} to ${range.maximum} (${why}; beyondRecommendedBiases: true allows more)`,
      biases[name],
    );
  }
}

/** The biases as they are set, with their bounds. */
export function biasStates(biases: Gen41Biases): Gen41BiasStates {
  const states = BIAS_REGISTERS.map(([name]) => {
    return [name, { code: biases[name], ...CODES, recommended: recommendedCodes(name, biases) }];
  });
  return Object.fromEntries(states) as Gen41BiasStates;
}
