/** The types of this camera that programs name, its sensor's included. `mod.ts` publishes all of them. */

export type { PropheseeEvk4Changes, PropheseeEvk4Configuration, PropheseeEvk4Sensors } from "./configuration.ts";
export type {
  Imx636BiasChanges,
  Imx636Biases,
  Imx636Changes,
  Imx636Clock,
  Imx636Configuration,
  Imx636Pixel,
  Imx636RateLimiter,
} from "../imx636/configuration.ts";
export type { Imx636Sensors } from "../imx636/monitors.ts";
