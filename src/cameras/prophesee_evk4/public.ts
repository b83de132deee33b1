/** The types of this camera that programs name, its sensor's included. `mod.ts` publishes all of them. */

export type { PropheseeEvk4Changes, PropheseeEvk4Configuration, PropheseeEvk4Sensors } from "./configuration.ts";
export type {
  Imx636Bias,
  Imx636BiasChanges,
  Imx636Biases,
  Imx636Changes,
  Imx636Clock,
  Imx636Configuration,
  Imx636Pixel,
} from "../imx636/configuration.ts";
export type { Imx636AntiFlicker, Imx636AntiFlickerChanges } from "../imx636/anti_flicker.ts";
export type { Imx636DigitalCrop, Imx636DigitalCropChanges } from "../imx636/digital_crop.ts";
export type { Imx636EventFormat } from "../imx636/event_format.ts";
export type { Imx636EventRate, Imx636RateLimiter } from "../imx636/rate_limiter.ts";
export type { Imx636TrailFilter } from "../imx636/trail_filter.ts";
export type { Imx636BiasState, Imx636BiasStates, Imx636Sensors } from "../imx636/monitors.ts";
