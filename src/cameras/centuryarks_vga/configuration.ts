import type { Gen31Changes, Gen31Configuration } from "../gen31/configuration.ts";
import type { Gen31Sensors } from "../gen31/monitors.ts";

/** Complete configuration of a SilkyEvCam VGA: that of its sensor. */
export type CenturyarksVgaConfiguration = Gen31Configuration;

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `noiseFilter: null` switches the filter off.
 */
export type CenturyarksVgaChanges = Gen31Changes;

/** What a SilkyEvCam VGA measures beside its events. */
export type CenturyarksVgaSensors = Gen31Sensors;
