/** The types of this camera that programs name, its sensor's included. `mod.ts` publishes all of them. */

export type { PropheseeEvk3HdChanges, PropheseeEvk3HdConfiguration, PropheseeEvk3HdSensors } from "./configuration.ts";
export type {
  Gen41BiasChanges,
  Gen41Biases,
  Gen41BiasRange,
  Gen41BiasState,
  Gen41BiasStates,
} from "../gen41/biases.ts";
export type { Gen41Changes, Gen41Configuration } from "../gen41/configuration.ts";
export type { Gen41Sensors } from "../gen41/monitors.ts";
export type { Gen41TrailFilter } from "../gen41/trail_filter.ts";
export type { Imx636AntiFlicker, Imx636AntiFlickerChanges } from "../imx636/anti_flicker.ts";
export type { Imx636Changes, Imx636Clock, Imx636Configuration, Imx636Pixel } from "../imx636/configuration.ts";
export type { Imx636DigitalCrop, Imx636DigitalCropChanges } from "../imx636/digital_crop.ts";
export type { Imx636EventFormat } from "../imx636/event_format.ts";
export type { Imx636Sensors } from "../imx636/monitors.ts";
export type { Imx636EventRate, Imx636RateLimiter } from "../imx636/rate_limiter.ts";
export type { Imx636TrailFilter } from "../imx636/trail_filter.ts";
