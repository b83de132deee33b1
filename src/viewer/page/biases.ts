/** Biases of any camera as sliders need them. */

import type { BiasBounds, SourceConfiguration } from "./source.ts";

/** A bias as `device.sensors.biases()` tells it: cameras with offsets tell offset and chip's code, others the code. */
export interface BiasState {
  readonly offset?: number;
  readonly code: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly recommended?: { readonly minimum: number; readonly maximum: number } | undefined;
}

/** Bounds by the camera's own word. What is recommended bounds a slider, unless more is allowed. */
export function boundsOfStates(
  states: Readonly<Record<string, BiasState>>,
  { beyondRecommendedBiases }: SourceConfiguration,
): BiasBounds[] {
  return Object.entries(states).map(([name, { offset, code, recommended, ...possible }]) => {
    const value = offset ?? code;
    const range = recommended === undefined || beyondRecommendedBiases === true ? possible : {
      minimum: Math.max(possible.minimum, recommended.minimum),
      maximum: Math.min(possible.maximum, recommended.maximum),
    };
    return { name, value, ...range, initial: offset === undefined ? value : 0, unit: "" };
  });
}

/** Bounds in millivolts, by the ranges of the Gen3.1's driver. */
export function boundsInMillivolts(
  ranges: readonly { readonly name: string; readonly recommended: readonly [minimum: number, maximum: number] }[],
  { biases, beyondRecommendedBiases }: SourceConfiguration,
): BiasBounds[] {
  const values = biases as Readonly<Record<string, number>>;
  return ranges.map(({ name, recommended }) => {
    const [minimum, maximum] = beyondRecommendedBiases === true ? [0, 1_800] : recommended;
    return { name, value: values[name]!, minimum, maximum, initial: values[name]!, unit: "mV" };
  });
}

/** What biases do, in the order of the panel. Which way is more differs between sensors. */
const explained: Readonly<Record<string, string>> = {
  diffOn: "Contrast threshold of ON events: farther from diff is less sensitive",
  diffOff: "Contrast threshold of OFF events: farther from diff is less sensitive",
  fo: "Low-pass filter of the pixels",
  hpf: "High-pass filter of the pixels",
  refr: "Dead time of a pixel after an event",
};

/** What a bias does; undefined for one that is to be left as it is. */
export function explanationOf(name: string): string | undefined {
  return explained[name];
}

/** Those that people turn first, in their order, then the rest. */
export function inOrder(biases: readonly BiasBounds[]): { readonly main: BiasBounds[]; readonly more: BiasBounds[] } {
  const names = Object.keys(explained);
  const main = names.flatMap((name) => biases.filter((bias) => bias.name === name));
  return { main, more: biases.filter(({ name }) => !names.includes(name)) };
}
