/** Which biases a chip can have, and which its maker recommends. */

import { type Check, outOfRange, wholeNumber } from "../../checks.ts";
import type { Imx636Bias, Imx636Biases, Imx636Request } from "./configuration.ts";
import type { Imx636Model } from "./model.ts";

/** Both ends are included. */
export interface BiasRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** A code for each bias. */
export type Imx636BiasCodes = { readonly [Name in keyof Imx636Biases]: number };

/** A sensor as it was found. */
export interface Imx636Chip {
  readonly model: Imx636Model;
  /** What it holds after its reset. */
  readonly codes: Imx636BiasCodes;
}

type BiasName = keyof Imx636Biases;
type Ranges = { readonly [Name in BiasName]?: BiasRange };

/** Offsets that OpenEB 5.1.1 accepts (`imx636_ll_biases.cpp`). It has no others than these six. */
const RECOMMENDED: { readonly [Model in Imx636Model]: Ranges } = {
  IMX636: {
    fo: { minimum: -35, maximum: 55 },
    hpf: { minimum: 0, maximum: 120 },
    diffOn: { minimum: -85, maximum: 140 },
    diff: { minimum: -25, maximum: 23 },
    diffOff: { minimum: -35, maximum: 190 },
    refr: { minimum: -20, maximum: 235 },
  },
  IMX646: {
    fo: { minimum: -20, maximum: 0 },
    hpf: { minimum: 0, maximum: 120 },
    diffOn: { minimum: -80, maximum: 145 },
    diff: { minimum: -25, maximum: 23 },
    diffOff: { minimum: -30, maximum: 200 },
    refr: { minimum: -20, maximum: 235 },
  },
};

const MODELS = Object.keys(RECOMMENDED) as Imx636Model[];

const MAXIMUM_CODE = 255;

/** Any chip's offset; what this chip allows is known when the camera is open. */
export const anyOffset: Check<number> = wholeNumber(-MAXIMUM_CODE, MAXIMUM_CODE);

/** Any code. */
export const anyCode: Check<number> = wholeNumber(0, MAXIMUM_CODE);

/** The recommended offsets of a bias, where there are any. */
export function recommendedOffsets(name: BiasName, model: Imx636Model): BiasRange | undefined {
  return RECOMMENDED[model][name];
}

/** The offsets that a chip's code allows: those to the codes 0 and 255. */
export function possibleOffsets(chipCode: number): BiasRange {
  return { minimum: -chipCode, maximum: MAXIMUM_CODE - chipCode };
}

/**
 * Checks what can be said before the chip is known: offsets that no model recommends. Throws a `RangeError`.
 */
export function checkRecommended({ biases, beyondRecommendedBiases }: Imx636Request): void {
  for (const [name, bias] of entriesOf(biases)) {
    if (typeof bias === "number") checkOffset(name, bias, { label: nameOf(name), beyondRecommendedBiases });
  }
}

/** Checks one offset so; the label is what a message calls it. */
export function checkOffset(
  name: BiasName,
  offset: number,
  { label, beyondRecommendedBiases }: { readonly label: string; readonly beyondRecommendedBiases: boolean },
): void {
  anyOffset(offset, label);
  if (beyondRecommendedBiases) return;
  const ranges = MODELS.flatMap((model) => RECOMMENDED[model][name] ?? []);
  if (ranges.length === 0) return;
  const range = {
    minimum: Math.min(...ranges.map(({ minimum }) => minimum)),
    maximum: Math.max(...ranges.map(({ maximum }) => maximum)),
  };
  if (!isWithin(range, offset)) throw notRecommended(label, range, MODELS.join(" or "), offset);
}

/** The offsets that a request asks for on a chip. Throws a `RangeError` with the bounds of the chip, or of its model. */
export function biasesOn(chip: Imx636Chip, { biases, beyondRecommendedBiases }: Imx636Request): Imx636Biases {
  const offsets = entriesOf(biases).map(([name, bias]) => {
    const chipCode = chip.codes[name];
    const recommended = beyondRecommendedBiases ? undefined : recommendedOffsets(name, chip.model);
    return [name, offsetOn({ ...chip, name, chipCode, recommended }, bias)];
  });
  return Object.freeze(Object.fromEntries(offsets));
}

interface BiasOfChip {
  readonly name: BiasName;
  readonly model: Imx636Model;
  readonly chipCode: number;
  readonly recommended: BiasRange | undefined;
}

function offsetOn({ name, model, chipCode, recommended }: BiasOfChip, bias: Imx636Bias): number {
  const isOffset = typeof bias === "number";
  const offset = isOffset ? bias : bias.code - chipCode;
  // A mistake is told as it was made: as an offset or as a code.
  const [label, value, base] = isOffset ? [nameOf(name), bias, 0] : [`${nameOf(name)}.code`, bias.code, chipCode];
  const possible = possibleOffsets(chipCode);
  if (!isWithin(possible, offset)) {
    const range = `a whole number from ${possible.minimum + base} to ${possible.maximum + base}`;
    throw outOfRange(label, `${range} (this chip's own code is ${chipCode}, and codes reach from 0 to 255)`, value);
  }
  if (recommended !== undefined && !isWithin(recommended, offset)) {
    const range = { minimum: recommended.minimum + base, maximum: recommended.maximum + base };
    const whose = isOffset ? model : `${model} with the own code ${chipCode}`;
    throw notRecommended(label, range, whose, value);
  }
  return offset;
}

function notRecommended(label: string, { minimum, maximum }: BiasRange, whose: string, value: number): RangeError {
  const range = `a whole number from ${minimum} to ${maximum}`;
  const help = `(recommended for an ${whose}; beyondRecommendedBiases: true allows more)`;
  return outOfRange(label, `${range} ${help}`, value);
}

function isWithin({ minimum, maximum }: BiasRange, value: number): boolean {
  return value >= minimum && value <= maximum;
}

function nameOf(name: BiasName): string {
  return `configuration.biases.${name}`;
}

function entriesOf(biases: Imx636Request["biases"]): [BiasName, Imx636Bias][] {
  return Object.entries(biases) as [BiasName, Imx636Bias][];
}
