import { arrayOf, boolean, type Check, notTogether, object, oneOf, wholeNumber } from "../../checks.ts";
import type { Geometry, Rect } from "../../types.ts";
import { checkAntiFlicker } from "../imx636/anti_flicker.ts";
import { digitalCropOn } from "../imx636/digital_crop.ts";
import { checkTrailFilter } from "../imx636/trail_filter.ts";
import { rectangleOn } from "../masks/rectangle.ts";
import { checkActivityFilter } from "./activity_filter.ts";
import { anyCode, checkRecommended } from "./biases.ts";
import {
  DEFAULT_REQUEST,
  type Genx320BiasChanges,
  type Genx320Changes,
  type Genx320Pixel,
  type Genx320Request,
  HEIGHT,
  WIDTH,
} from "./configuration.ts";
import { EVENT_FORMATS } from "./event_format.ts";
import { checkRateLimiter } from "./rate_limiter.ts";
import { MAXIMUM_WINDOWS } from "./regions.ts";

const GEOMETRY: Geometry = { width: WIDTH, height: HEIGHT };

const biases = object<Genx320BiasChanges>({
  fo: anyCode,
  hpf: anyCode,
  diffOn: anyCode,
  diff: anyCode,
  diffOff: anyCode,
  refr: anyCode,
});

const pixel = object<Genx320Pixel>(
  { x: wholeNumber(0, WIDTH - 1), y: wholeNumber(0, HEIGHT - 1) },
  ["x", "y"],
);

const rectangle = rectangleOn(GEOMETRY);
const rectangles = arrayOf(rectangle, MAXIMUM_WINDOWS);

/** One window or several, as an array; null is none. */
const windows: Check<readonly Rect[] | null> = (value, name) => {
  if (value === null) return null;
  if (!Array.isArray(value)) return Object.freeze([rectangle(value, name)]);
  if (value.length === 0) throw new RangeError(`${name} must have a length of at least 1, not 0`);
  return rectangles(value, name);
};

const checkChanges = object<Genx320Changes>({
  biases,
  beyondRecommendedBiases: boolean,
  regionOfInterest: windows,
  regionOfNonInterest: windows,
  pixelMask: arrayOf(pixel, WIDTH * HEIGHT),
  digitalCrop: digitalCropOn(GEOMETRY, 1),
  antiFlicker: checkAntiFlicker,
  trailFilter: checkTrailFilter,
  activityFilter: checkActivityFilter,
  rateLimiter: checkRateLimiter,
  clock: oneOf(["internal", "internal-with-output", "external"]),
  externalTrigger: boolean,
  eventFormat: oneOf(EVENT_FORMATS),
});

/**
 * Completes `changes` with `base`, but for the biases that the sensor itself completes, and copies everything. Throws a
 * `TypeError` or a `RangeError` that names the value and its range.
 */
export function checkConfiguration<Base extends Genx320Request = Genx320Request>(value: unknown, base?: Base): Base {
  const before: Genx320Request = base ?? DEFAULT_REQUEST;
  const checked = value === undefined ? {} : checkChanges(value, "configuration");
  const request = {
    ...before,
    ...checked,
    ...regionsOf(checked),
    biases: Object.freeze({ ...before.biases, ...checked.biases }),
  } as Base;
  checkRecommended(request);
  return Object.freeze(request);
}

/** A region takes the place of the other one. */
function regionsOf({ regionOfInterest, regionOfNonInterest }: Genx320Changes): Partial<Genx320Changes> {
  if (regionOfInterest && regionOfNonInterest) {
    const reason = "the windows of the sensor are of one kind";
    throw notTogether("configuration.regionOfInterest", "configuration.regionOfNonInterest", reason);
  }
  if (regionOfInterest) return { regionOfNonInterest: null };
  return regionOfNonInterest ? { regionOfInterest: null } : {};
}
