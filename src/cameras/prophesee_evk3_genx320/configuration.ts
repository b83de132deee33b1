import type { Genx320Changes, Genx320Configuration } from "../genx320/configuration.ts";
import type { Genx320Sensors } from "../genx320/monitors.ts";

/** Complete configuration of an EVK3 GenX320: that of its sensor. */
export type PropheseeEvk3Genx320Configuration = Genx320Configuration;

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `null` switches a region, a crop, a filter or the limiter off.
 */
export type PropheseeEvk3Genx320Changes = Genx320Changes;

/** What an EVK3 GenX320 measures beside its events. */
export type PropheseeEvk3Genx320Sensors = Genx320Sensors;
