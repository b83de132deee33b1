import { arrayOf, boolean, type Check, type Checks, object, oneOf, wholeNumber, wrongKind } from "../../checks.ts";
import type { Geometry, Rect } from "../../types.ts";
import { maskOf } from "../masks/mask.ts";
import { checkAntiFlicker } from "./anti_flicker.ts";
import { anyCode, anyOffset, checkRecommended } from "./bias_ranges.ts";
import {
  DEFAULT_CONFIGURATION,
  HEIGHT,
  type Imx636Bias,
  type Imx636BiasChanges,
  type Imx636Changes,
  type Imx636Features,
  type Imx636Pixel,
  type Imx636Request,
  PIXEL_MASK_LENGTH,
  WIDTH,
} from "./configuration.ts";
import { digitalCropOn } from "./digital_crop.ts";
import { checkPacketPeriod } from "./packet_period.ts";
import { checkRateLimiter } from "./rate_limiter.ts";
import { type RegionChanges, withoutRegions } from "./region_changes.ts";
import { checkTrailFilter } from "./trail_filter.ts";

const GEOMETRY: Geometry = { width: WIDTH, height: HEIGHT };

const code = object<{ readonly code: number }>({ code: anyCode }, ["code"]);

const bias: Check<Imx636Bias> = (value, name) => {
  if (typeof value === "number") return anyOffset(value, name);
  if (typeof value === "object" && value !== null) return code(value, name);
  throw wrongKind(name, "a whole number (an offset), or { code: a whole number }", value);
};

const biases = object<Imx636BiasChanges>({
  pr: bias,
  fo: bias,
  hpf: bias,
  diffOn: bias,
  diff: bias,
  diffOff: bias,
  inv: bias,
  refr: bias,
  reqpuy: bias,
  reqpux: bias,
  sendreqpdy: bias,
  unknown1: bias,
  unknown2: bias,
});

const pixel = object<Imx636Pixel>(
  { x: wholeNumber(0, WIDTH - 1), y: wholeNumber(0, HEIGHT - 1) },
  ["x", "y"],
);

const unchecked: Check = (value) => value;

/** One check for each change but those of the biases: what also a Gen4.1 takes. */
export const featureChecks: Checks<Omit<Imx636Changes, "biases">> = {
  beyondRecommendedBiases: boolean,
  xMask: maskOf(WIDTH),
  yMask: maskOf(HEIGHT),
  maskIntersectionOnly: boolean,
  pixelMask: arrayOf(pixel, PIXEL_MASK_LENGTH),
  masksEnabled: boolean,
  regionOfInterest: unchecked as Check<Rect | null>, // by withoutRegions
  regionOfNonInterest: unchecked as Check<Rect | null>,
  digitalCrop: digitalCropOn(GEOMETRY),
  antiFlicker: checkAntiFlicker,
  trailFilter: checkTrailFilter,
  rateLimiter: checkRateLimiter,
  clock: oneOf(["internal", "internal-with-output", "external"]),
  externalTrigger: boolean,
  output: boolean,
  eventFormat: oneOf(["evt3", "evt2.1"]),
  packetPeriodUs: checkPacketPeriod,
};

const checkChanges = object<Imx636Changes>({ biases, ...featureChecks });

/**
 * Completes `changes` with `base`, and copies everything, so that what the caller changes later in its own objects
 * has no effect. Throws a `TypeError` or a `RangeError` that names the value and its range.
 *
 * Of the biases it knows what all chips have in common; `biasesOn` completes that for the chip.
 */
export function checkConfiguration(
  value: unknown,
  base: Imx636Request = DEFAULT_CONFIGURATION,
): Imx636Request {
  const request = completed(base, value, checkChanges);
  checkRecommended(request);
  return request;
}

/** A copy of `base` with changes in it, once they are checked. */
export function completed<Configuration extends Imx636Features & { readonly biases: object }>(
  base: Configuration,
  value: unknown,
  check: Check<Omit<Imx636Changes, "biases"> & { readonly biases?: object | undefined }>,
): Configuration {
  const name = "configuration";
  const checked = value === undefined
    ? {}
    : withoutRegions(check(value, name) as RegionChanges & Imx636Changes, { geometry: GEOMETRY, name });
  return Object.freeze({
    ...copyOf(base),
    ...checked,
    biases: Object.freeze({ ...base.biases, ...checked.biases }),
  });
}

/** A copy with masks of its own; the rest is frozen. */
export function copyOf<Some extends Imx636Features>(configuration: Some): Some {
  const { xMask, yMask } = configuration;
  return Object.freeze({ ...configuration, xMask: xMask.slice(), yMask: yMask.slice() });
}
