/** Bias files of an IMX636: names, ranges, and what they cannot hold. */

import { outOfRange } from "../../checks.ts";
import { type BiasFileNames, formatBiasLines, parseBiasLines } from "../metavision/bias_file.ts";
import { checkOffset } from "./bias_ranges.ts";
import type { Imx636Biases, Imx636Changes, Imx636Configuration } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";

/** The biases that OpenEB has (`imx636_ll_biases.cpp`); the values are offsets there, too. */
export const FILE_NAMES = {
  bias_diff: "diff",
  bias_diff_off: "diffOff",
  bias_diff_on: "diffOn",
  bias_fo: "fo",
  bias_hpf: "hpf",
  bias_refr: "refr",
} as const satisfies BiasFileNames<keyof Imx636Biases>;

/** The biases of a file, as changes. Throws what {@link parseBiasLines} throws, or a `RangeError`. */
export function parseBiases(text: string, beyondRecommendedBiases: boolean): Imx636Changes {
  const entries = parseBiasLines<keyof Imx636Biases>(text, FILE_NAMES);
  const biases = entries.map(({ name, value, place }) => {
    checkOffset(name, value, { label: place, beyondRecommendedBiases });
    return [name, value];
  });
  return { biases: Object.fromEntries(biases), ...(beyondRecommendedBiases ? { beyondRecommendedBiases } : {}) };
}

/** The file of a configuration. Throws a `RangeError` where the file cannot hold a bias. */
export function formatBiases(configuration: Imx636Configuration): string {
  return formatBiasLines(fileBiases(configuration, "a bias file"));
}

/** The biases by their names in files. The file is what a message calls it. */
export function fileBiases(configuration: Imx636Configuration, file: string): ReadonlyMap<string, number> {
  // `undefined` would be the default configuration, and is rather a mistake.
  const left = new Map(Object.entries(checkConfiguration(configuration ?? null).biases));
  const values = new Map<string, number>();
  for (const [fileName, name] of Object.entries(FILE_NAMES)) {
    const value = left.get(name)!;
    if (typeof value !== "number") throw outOfRange(label(name), `an offset, as ${file} has no codes`, value);
    values.set(fileName, value);
    left.delete(name);
  }
  for (const [name, value] of left) {
    if (value !== 0) throw outOfRange(label(name), `0, as ${file} has no place for it`, value);
  }
  return values;
}

function label(name: string): string {
  return `configuration.biases.${name}`;
}
