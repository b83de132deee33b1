/** What can be configured on a Gen4.1: what can be on an IMX636, but for the biases and a type of trail filter. */

import {
  DEFAULT_CONFIGURATION as IMX636_DEFAULTS,
  type Imx636Changes,
  type Imx636Configuration,
} from "../imx636/configuration.ts";
import { DEFAULT_BIASES, type Gen41BiasChanges, type Gen41Biases } from "./biases.ts";
import type { Gen41TrailFilter } from "./trail_filter.ts";

/**
 * Complete configuration of a Gen4.1. Its JSON is short and can be given again.
 *
 * @example
 * ```ts
 * import { configureVirtualBus, open } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ model: "evk3-hd" }]);
 * const virtual = { libusb: "virtual", type: "prophesee-evk3-hd" } as const;
 * using device = await open({ ...virtual, configuration: { biases: { diffOn: 120 }, yMask: "0-9" } });
 * console.log(device.configuration.biases.diffOn, device.configuration.yMask[9]); // 120 1
 * device.close();
 * await configureVirtualBus();
 * ```
 */
export interface Gen41Configuration extends Omit<Imx636Configuration, "biases" | "trailFilter"> {
  /** Biases of the pixels: codes. */
  readonly biases: Gen41Biases;
  /** Drops parts of bursts, and noise; null (default): off. */
  readonly trailFilter: Gen41TrailFilter | null;
}

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `null` switches a crop, a filter or the limiter off.
 */
export interface Gen41Changes extends Omit<Imx636Changes, "biases" | "trailFilter"> {
  /** Some of the biases. */
  readonly biases?: Gen41BiasChanges | undefined;
  /** A filter, or null. */
  readonly trailFilter?: Gen41TrailFilter | null | undefined;
}

export const DEFAULT_CONFIGURATION: Gen41Configuration = Object.freeze({
  ...IMX636_DEFAULTS,
  biases: DEFAULT_BIASES,
  trailFilter: null,
});
