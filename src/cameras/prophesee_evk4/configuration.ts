import type { Imx636Changes, Imx636Configuration } from "../imx636/configuration.ts";
import type { Imx636Sensors } from "../imx636/monitors.ts";

/** Complete configuration of an EVK4: that of its sensor. */
export type PropheseeEvk4Configuration = Imx636Configuration;

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `null` switches a crop, a filter or the limiter off.
 */
export type PropheseeEvk4Changes = Imx636Changes;

/** What an EVK4 measures beside its events: what its sensor does. */
export type PropheseeEvk4Sensors = Imx636Sensors;
