/**
 * Biases in millivolts, as in Prophesee's `.bias` files, and the words of the bias generator for them.
 *
 * ```text
 * word:  pad 31 | enable 30 | N 29 | cascode 28 | voltage 27 | buffer 26:21 | current code 20:8 | voltage code 7:0
 * ```
 *
 * `diff`, `diffOn` and `diffOff` are voltages, the others the currents of a transistor at that voltage. The words are
 * those that OpenEB writes (`gen31_ll_biases.cpp`). neuromorphic-drivers writes the millivolts themselves as codes, so its
 * values mean something else.
 */

import { outOfRange } from "../../checks.ts";
import { type Step, write } from "../../protocol/steps.ts";
import {
  type CurrentRange,
  FIRST_VOLTAGE_STEP,
  THICK_TRANSISTOR,
  THIN_TRANSISTOR,
  VOLTAGE_STEPS,
} from "./bias_codes.ts";
import type { Gen31Biases, Gen31Configuration } from "./configuration.ts";
import { REGISTERS } from "./registers.ts";

/** The highest value that a bias can have, in mV. */
export const MAXIMUM_MILLIVOLTS = 1_800;

/** The word of each millivolt value from 0 to 1800. */
type Words = readonly number[];

const voltage = once(voltageWords);
const thick = once(() => currentWords(THICK_TRANSISTOR));
const thin = once(() => currentWords(THIN_TRANSISTOR));

interface Bias {
  readonly name: keyof Gen31Biases;
  readonly register: Parameters<typeof write>[0];
  /** Made when they are first needed: that takes milliseconds, and few programs have such a camera. */
  readonly words: () => Words;
  /** The values that OpenEB recommends, in mV. */
  readonly recommended: readonly [minimum: number, maximum: number];
}

/** In the order of their registers. */
export const BIASES: readonly Bias[] = [
  { name: "diffOff", register: REGISTERS.biasDiffOff, words: voltage, recommended: [0, 1_800] },
  { name: "diffOn", register: REGISTERS.biasDiffOn, words: voltage, recommended: [0, 1_800] },
  { name: "diff", register: REGISTERS.biasDiff, words: voltage, recommended: [200, 400] },
  { name: "fo", register: REGISTERS.biasFo, words: once(followerWords), recommended: [1_250, 1_800] },
  { name: "pr", register: REGISTERS.biasPr, words: thick, recommended: [975, 1_800] },
  { name: "refr", register: REGISTERS.biasRefr, words: thin, recommended: [1_300, 1_800] },
  { name: "hpf", register: REGISTERS.biasHpf, words: thick, recommended: [900, 1_800] },
];

/** The word for a bias. */
export function biasWord(name: keyof Gen31Biases, millivolts: number): number {
  return wordsOf(name)[millivolts]!;
}

/** What the sensor holds for a value: the lowest one of its step, for example 397 mV of `diff` for 400. */
export function heldMillivolts(name: keyof Gen31Biases, millivolts: number): number {
  return wordsOf(name).indexOf(biasWord(name, millivolts));
}

/** Steps that write the biases in which two configurations differ; all of them without `before`. */
export function biasSteps(before: Gen31Biases | undefined, after: Gen31Biases): Step<Gen31Configuration>[] {
  return BIASES
    .filter(({ name }) => before?.[name] !== after[name])
    .map(({ name, register }) => write(register, ({ biases }: Gen31Configuration) => biasWord(name, biases[name])));
}

/**
 * Throws a `RangeError` where biases do not go together. OpenEB has the same rules, also with the values that the sensor
 * holds for `diff` and `fo`, but checks them only when it sets the threshold or `refr`.
 */
export function checkBiasRules(biases: Gen31Biases, name: string): void {
  const diff = heldMillivolts("diff", biases.diff);
  const fo = heldMillivolts("fo", biases.fo);
  const [onDistance, offDistance, withFo] = fo >= 1_350 ? [75, 65, "fo of 1350 or more"] : [95, 85, "fo below 1350"];
  const distance = (mv: number, side: string) =>
    `at least ${mv} mV ${side} diff, which is ${diff} here, with ${withFo}`;
  if (biases.diffOff > diff - offDistance) {
    throw outOfRange(`${name}.diffOff`, distance(offDistance, "below"), biases.diffOff);
  }
  if (biases.diffOn < diff + onDistance) {
    throw outOfRange(`${name}.diffOn`, distance(onDistance, "above"), biases.diffOn);
  }
  if (fo < 1_400 && biases.refr < 1_350) {
    throw outOfRange(`${name}.refr`, "at least 1350 mV with fo below 1400", biases.refr);
  }
}

function wordsOf(name: keyof Gen31Biases): Words {
  return BIASES.find((bias) => bias.name === name)!.words();
}

/** A function that makes its result at the first call. */
function once(make: () => Words): () => Words {
  let made: Words | undefined;
  return () => made ??= make();
}

function voltageWords(): Words {
  const widths = [FIRST_VOLTAGE_STEP, ...VOLTAGE_STEPS.replace(/\s/g, "").split("").map(Number)];
  const words = widths.flatMap((width, code) => Array<number>(width).fill(0x7900_0000 + code));
  return filled(words, 0x7900_0000 + widths.length);
}

/** Code 127 below 1195 mV, then one less each 4.34 mV: the first value of each step is this one, rounded down. */
function followerWords(): Words {
  const words: number[] = [];
  for (let code = 127; code > 0; --code) {
    const end = Math.floor(1_195.07 + 4.3405 * (127 - code));
    while (words.length < end) words.push(0x7100_0000 + 256 * code);
  }
  return filled(words, 0x7100_0000);
}

function currentWords(ranges: readonly CurrentRange[]): Words {
  return ranges.flatMap(({ control, codes }) =>
    codes.trim().split(/\s+/).flatMap((run) => {
      const [code, count = 1] = run.split("*").map(Number);
      return Array<number>(count).fill(control + 256 * code!);
    })
  );
}

/** The words, and the last one up to the highest value. */
function filled(words: readonly number[], last: number): Words {
  return Array.from({ length: MAXIMUM_MILLIVOLTS + 1 }, (_, millivolts) => words[millivolts] ?? last);
}
