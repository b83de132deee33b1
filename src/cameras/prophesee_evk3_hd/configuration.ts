import type { Gen41Changes, Gen41Configuration } from "../gen41/configuration.ts";
import type { Gen41Sensors } from "../gen41/monitors.ts";

/** Complete configuration of an EVK3 HD: that of its sensor. */
export type PropheseeEvk3HdConfiguration = Gen41Configuration;

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `null` switches a crop, a filter or the limiter off.
 */
export type PropheseeEvk3HdChanges = Gen41Changes;

/** What an EVK3 HD measures beside its events: what its sensor does. */
export type PropheseeEvk3HdSensors = Gen41Sensors;
