import { arrayOf, boolean, type Check, object, oneOf, wholeNumber } from "../../checks.ts";
import type { Geometry, Rect } from "../../types.ts";
import { maskOf } from "../masks/mask.ts";
import { checkAntiFlicker } from "./anti_flicker.ts";
import {
  DEFAULT_CONFIGURATION,
  HEIGHT,
  type Imx636BiasChanges,
  type Imx636Changes,
  type Imx636Configuration,
  type Imx636Pixel,
  PIXEL_MASK_LENGTH,
  WIDTH,
} from "./configuration.ts";
import { digitalCropOn } from "./digital_crop.ts";
import { checkPacketPeriod } from "./packet_period.ts";
import { checkRateLimiter } from "./rate_limiter.ts";
import { type RegionChanges, withoutRegions } from "./region_changes.ts";
import { checkTrailFilter } from "./trail_filter.ts";

const GEOMETRY: Geometry = { width: WIDTH, height: HEIGHT };

const code = wholeNumber(0, 255);

const biases = object<Imx636BiasChanges>({
  pr: code,
  fo: code,
  hpf: code,
  diffOn: code,
  diff: code,
  diffOff: code,
  inv: code,
  refr: code,
  reqpuy: code,
  reqpux: code,
  sendreqpdy: code,
  unknown1: code,
  unknown2: code,
});

const pixel = object<Imx636Pixel>(
  { x: wholeNumber(0, WIDTH - 1), y: wholeNumber(0, HEIGHT - 1) },
  ["x", "y"],
);

const unchecked: Check = (value) => value;

const checkChanges = object<Imx636Changes>({
  biases,
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
});

/**
 * Completes `changes` with `base`, and copies everything, so that what the caller changes later in its own objects
 * has no effect. Throws a `TypeError` or a `RangeError` that names the value and its range.
 */
export function checkConfiguration(
  value: unknown,
  base: Imx636Configuration = DEFAULT_CONFIGURATION,
): Imx636Configuration {
  const name = "configuration";
  const checked: Imx636Changes = value === undefined
    ? {}
    : withoutRegions(checkChanges(value, name) as RegionChanges & Imx636Changes, { geometry: GEOMETRY, name });
  return Object.freeze({
    ...base,
    xMask: base.xMask.slice(),
    yMask: base.yMask.slice(),
    ...checked,
    biases: Object.freeze({ ...base.biases, ...checked.biases }),
  } as Imx636Configuration);
}
