import { object, wholeNumber } from "../../checks.ts";
import { completed, featureChecks } from "../imx636/configuration_check.ts";
import { checkRecommended, type Gen41BiasChanges } from "./biases.ts";
import { DEFAULT_CONFIGURATION, type Gen41Changes, type Gen41Configuration } from "./configuration.ts";
import { checkTrailFilter } from "./trail_filter.ts";

const code = wholeNumber(0, 255);

const biases = object<Gen41BiasChanges>({
  pr: code,
  fo: code,
  foN: code,
  hpf: code,
  diffOn: code,
  diff: code,
  diffOff: code,
  refr: code,
  reqpuy: code,
  blk: code,
});

const checkChanges = object<Gen41Changes>({ ...featureChecks, biases, trailFilter: checkTrailFilter });

/** See `CameraDriver.checkConfiguration`. */
export function checkConfiguration(
  value: unknown,
  base: Gen41Configuration = DEFAULT_CONFIGURATION,
): Gen41Configuration {
  const configuration = completed(base, value, checkChanges);
  if (!configuration.beyondRecommendedBiases) checkRecommended(configuration.biases);
  return configuration;
}
