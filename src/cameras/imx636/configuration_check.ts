import { arrayOf, boolean, object, oneOf, wholeNumber } from "../../checks.ts";
import { maskOf } from "../masks/mask.ts";
import {
  DEFAULT_CONFIGURATION,
  HEIGHT,
  type Imx636BiasChanges,
  type Imx636Changes,
  type Imx636Configuration,
  type Imx636Pixel,
  type Imx636RateLimiter,
  PIXEL_MASK_LENGTH,
  WIDTH,
} from "./configuration.ts";

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

const rateLimiter = object<Imx636RateLimiter>(
  { referencePeriodUs: wholeNumber(1, 1_023), maximumEventsPerPeriod: wholeNumber(0, 4_194_303) },
  ["referencePeriodUs", "maximumEventsPerPeriod"],
);

const checkChanges = object<Imx636Changes>({
  biases,
  xMask: maskOf(WIDTH),
  yMask: maskOf(HEIGHT),
  maskIntersectionOnly: boolean,
  pixelMask: arrayOf(pixel, PIXEL_MASK_LENGTH),
  rateLimiter: (value, name) => value === null ? null : rateLimiter(value, name),
  clock: oneOf(["internal", "internal-with-output", "external"]),
  externalTrigger: boolean,
  output: boolean,
});

/**
 * Completes `changes` with `base`, and copies everything, so that what the caller changes later in its own objects
 * has no effect. Throws a `TypeError` or a `RangeError` that names the value and its range.
 */
export function checkConfiguration(
  value: unknown,
  base: Imx636Configuration = DEFAULT_CONFIGURATION,
): Imx636Configuration {
  const checked = value === undefined ? {} : checkChanges(value, "configuration");
  return Object.freeze({
    ...base,
    xMask: base.xMask.slice(),
    yMask: base.yMask.slice(),
    ...checked,
    biases: Object.freeze({ ...base.biases, ...checked.biases }),
  } as Imx636Configuration);
}
