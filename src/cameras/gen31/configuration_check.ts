import { boolean, type Check, notTogether, object, oneOf, outOfRange, wholeNumber } from "../../checks.ts";
import type { Rect } from "../../types.ts";
import { Mask, maskOf } from "../masks/mask.ts";
import { masksOfRegion } from "../masks/regions.ts";
import { BIASES, checkBiasRules, MAXIMUM_MILLIVOLTS } from "./biases.ts";
import {
  DEFAULT_CONFIGURATION,
  type Gen31BiasChanges,
  type Gen31Biases,
  type Gen31Changes,
  type Gen31Configuration,
  type Gen31NoiseFilter,
  HEIGHT,
  WIDTH,
} from "./configuration.ts";

const millivolts = wholeNumber(0, MAXIMUM_MILLIVOLTS);

const biases = object<Gen31BiasChanges>({
  diffOff: millivolts,
  diffOn: millivolts,
  diff: millivolts,
  fo: millivolts,
  pr: millivolts,
  refr: millivolts,
  hpf: millivolts,
});

const noiseFilter = object<Gen31NoiseFilter>(
  { minimumEventsPerSecond: wholeNumber(10_000, 10_000_000) },
  ["minimumEventsPerSecond"],
);

const checkChanges = object<Gen31Changes>({
  biases,
  beyondRecommendedBiases: boolean,
  xMask: maskOf(WIDTH),
  yMask: maskOf(HEIGHT),
  regionOfInterest: ((value) => value) as Check<Rect | readonly Rect[] | null>, // checked where it becomes masks
  noiseFilter: (value, name) => value === null ? null : noiseFilter(value, name),
  clock: oneOf(["internal", "internal-with-output", "external"]),
  externalTrigger: boolean,
  packetPeriodUs: wholeNumber(1, 65_535),
});

/**
 * Completes `changes` with `base`, and copies everything, so that what the caller changes later in its own objects
 * has no effect. Throws a `TypeError` or a `RangeError` that names the value and its range, or the rule.
 */
export function checkConfiguration(
  value: unknown,
  base: Gen31Configuration = DEFAULT_CONFIGURATION,
): Gen31Configuration {
  const { regionOfInterest, ...checked } = value === undefined ? {} : checkChanges(value, "configuration");
  const configuration = {
    ...base,
    xMask: base.xMask.slice(),
    yMask: base.yMask.slice(),
    ...checked,
    ...masksOf(regionOfInterest, checked),
    biases: Object.freeze({ ...base.biases, ...checked.biases }),
  } as Gen31Configuration;
  if (!configuration.beyondRecommendedBiases) checkBiases(configuration.biases, "configuration.biases");
  return Object.freeze(configuration);
}

function checkBiases(biases: Gen31Biases, name: string): void {
  for (const bias of BIASES) wholeNumber(...bias.recommended)(biases[bias.name], `${name}.${bias.name}`);
  checkBiasRules(biases, name);
}

/** The masks that a region is made of. */
function masksOf(
  region: Gen31Changes["regionOfInterest"],
  changes: Gen31Changes,
): Pick<Gen31Configuration, "xMask" | "yMask"> | undefined {
  if (region === undefined) return undefined;
  const name = "configuration.regionOfInterest";
  for (const other of ["xMask", "yMask"] as const) {
    if (changes[other] === undefined) continue;
    throw notTogether(name, `configuration.${other}`, "a region is made of the masks of columns and rows");
  }
  if (region === null) return { xMask: new Mask(WIDTH), yMask: new Mask(HEIGHT) };
  const geometry = { width: WIDTH, height: HEIGHT };
  const { maskIntersectionOnly, ...masks } = masksOfRegion(region, { geometry, sending: "inside", name });
  // The other rule, by which a pixel is silent where its column and its row are both masked, is refused by OpenEB here.
  if (maskIntersectionOnly) throw outOfRange(name, "rectangles that are a grid of columns and rows", region);
  return masks;
}
