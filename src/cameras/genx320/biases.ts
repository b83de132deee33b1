/** Biases: which a sensor can have, and the steps that write them. Ranges and steps: OpenEB 5.1.1. */

import { outOfRange, wholeNumber } from "../../checks.ts";
import type { Register } from "../../protocol/registers.ts";
import { modify, type Step } from "../../protocol/steps.ts";
import type { Genx320BiasChanges, Genx320Biases, Genx320Configuration, Genx320Request } from "./configuration.ts";
import type { Genx320Model } from "./model.ts";
import { REGISTERS } from "./registers.ts";

const MAXIMUM_CODE = 127;

/** Any code. */
export const anyCode = wholeNumber(0, MAXIMUM_CODE);

/** A range of codes. */
export interface Genx320BiasRange {
  /** The lowest code. */
  readonly minimum: number;
  /** The highest code. */
  readonly maximum: number;
}

/** A bias as it is set, with its bounds. */
export interface Genx320BiasState extends Genx320BiasRange {
  /** As in the configuration in force. */
  readonly code: number;
  /** The codes that OpenEB recommends. */
  readonly recommended: Genx320BiasRange;
}

/** All biases as they are set. */
export type Genx320BiasStates = { readonly [Name in keyof Genx320Biases]: Genx320BiasState };

interface Bias {
  readonly name: keyof Genx320Biases;
  readonly register: Register & { readonly fields: typeof REGISTERS.biasFo.fields };
  /** The codes that OpenEB recommends. */
  readonly recommended: readonly [minimum: number, maximum: number];
  /** What the initialisation of each model writes. */
  readonly initial: { readonly [Model in Genx320Model]: number };
}

const BIASES: readonly Bias[] = [
  { name: "fo", register: REGISTERS.biasFo, recommended: [19, 39], initial: { GenX320: 29, GenX320MP: 34 } },
  { name: "hpf", register: REGISTERS.biasHpf, recommended: [0, 127], initial: { GenX320: 0, GenX320MP: 40 } },
  { name: "diffOn", register: REGISTERS.biasDiffOn, recommended: [24, 60], initial: { GenX320: 40, GenX320MP: 25 } },
  { name: "diff", register: REGISTERS.biasDiff, recommended: [41, 51], initial: { GenX320: 51, GenX320MP: 51 } },
  { name: "diffOff", register: REGISTERS.biasDiffOff, recommended: [19, 50], initial: { GenX320: 40, GenX320MP: 28 } },
  { name: "refr", register: REGISTERS.biasRefr, recommended: [0, 127], initial: { GenX320: 82, GenX320MP: 10 } },
];

/** The biases that a sensor has after its initialisation. */
export function initialBiases(model: Genx320Model): Genx320Biases {
  const codes = BIASES.map(({ name, initial }) => [name, initial[model]]);
  return Object.freeze(Object.fromEntries(codes)) as Genx320Biases;
}

/** Throws a `RangeError` for codes that OpenEB does not recommend. */
export function checkRecommended({ biases, beyondRecommendedBiases }: Genx320Request): void {
  if (beyondRecommendedBiases) return;
  for (const { name, recommended: [minimum, maximum] } of BIASES) {
    const code = biases[name];
    if (code === undefined || (code >= minimum && code <= maximum)) continue;
    const range = `a whole number from ${minimum} to ${maximum}`;
    const help = "(recommended; beyondRecommendedBiases: true allows 0 to 127)";
    throw outOfRange(`configuration.biases.${name}`, `${range} ${help}`, code);
  }
}

/** The biases as they are set, with their bounds. */
export function biasStates(biases: Genx320Biases): Genx320BiasStates {
  const states = BIASES.map(({ name, recommended: [minimum, maximum] }) => {
    return [name, { code: biases[name], minimum: 0, maximum: MAXIMUM_CODE, recommended: { minimum, maximum } }];
  });
  return Object.fromEntries(states) as Genx320BiasStates;
}

/**
 * Steps that write the biases in which two configurations differ; all of them without `before`. The sensor takes a code
 * over when it is told to transfer this one.
 */
export function biasSteps(before: Genx320BiasChanges | undefined, after: Genx320Biases): Step<Genx320Configuration>[] {
  return BIASES
    .filter(({ name }) => before?.[name] !== after[name])
    .flatMap(({ name, register }) => [
      modify(register, ({ biases }: Genx320Configuration) => ({ code: biases[name] })),
      modify(register, { single: 1 }),
    ]);
}
