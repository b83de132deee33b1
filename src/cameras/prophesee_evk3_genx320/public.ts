/** The types of this camera that programs name, its sensor's included. `mod.ts` publishes all of them. */

export type {
  PropheseeEvk3Genx320Changes,
  PropheseeEvk3Genx320Configuration,
  PropheseeEvk3Genx320Sensors,
} from "./configuration.ts";
export type {
  Genx320BiasChanges,
  Genx320Biases,
  Genx320Changes,
  Genx320Clock,
  Genx320Configuration,
  Genx320Pixel,
} from "../genx320/configuration.ts";
export type { Genx320ActivityFilter, Genx320ActivityFilterChanges } from "../genx320/activity_filter.ts";
export type { Genx320BiasRange, Genx320BiasState, Genx320BiasStates } from "../genx320/biases.ts";
export type { Genx320DigitalCrop, Genx320DigitalCropChanges } from "../genx320/digital_crop.ts";
export type { Genx320EventFormat } from "../genx320/event_format.ts";
export type { Genx320EventRate, Genx320RateLimiter } from "../genx320/rate_limiter.ts";
export type { Genx320Sensors } from "../genx320/monitors.ts";
export type { Imx636AntiFlicker, Imx636AntiFlickerChanges } from "../imx636/anti_flicker.ts";
export type { Imx636TrailFilter } from "../imx636/trail_filter.ts";
