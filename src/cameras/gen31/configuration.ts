/** What can be configured on a Gen3.1. Types and defaults; checked in `configuration_check.ts`. */

import type { Rect } from "../../types.ts";
import { Mask, type MaskLike } from "../masks/mask.ts";

/**
 * Biases of the pixels in millivolts, as in Prophesee's `.bias` files.
 *
 * Ranges, rules and defaults: OpenEB 5.1.1. The defaults are what the sensor holds after OpenEB's start. That is the
 * standard file of Prophesee but for `hpf`, which stands there as 1499. The sensor knows some 256 steps of each bias, so a
 * value is met to 1 to 26 mV.
 *
 * The values of neuromorphic-drivers for this camera are no millivolts and must not be given here.
 */
export interface Gen31Biases {
  /** Contrast threshold of OFF events: the farther below `diff`, the less sensitive. 0 to 1800, default 221. */
  readonly diffOff: number;
  /** Contrast threshold of ON events: the farther above `diff`, the less sensitive. 0 to 1800, default 384. */
  readonly diffOn: number;
  /** Reference of the two thresholds. 200 to 400, default 299. */
  readonly diff: number;
  /** Low-pass filter. 1250 to 1800, default 1477. */
  readonly fo: number;
  /** Photoreceptor. 975 to 1800, default 1250. */
  readonly pr: number;
  /** Refractory period of a pixel. 1300 to 1800, default 1500. */
  readonly refr: number;
  /** High-pass filter. 900 to 1800, default 1448. */
  readonly hpf: number;
}

/** Lets events through only while there are many of them, so that noise of a still scene is not sent. */
export interface Gen31NoiseFilter {
  /**
   * The event rate below which nothing is sent: 10 000 to 10 000 000 events per second, in steps of about 1000. The
   * sensor counts over periods of 1.023 ms.
   */
  readonly minimumEventsPerSecond: number;
}

/**
 * Where the sensor's clock comes from.
 *
 * | value                    | meaning                                                                      |
 * | ------------------------ | ---------------------------------------------------------------------------- |
 * | `"internal"`             | own clock                                                                    |
 * | `"internal-with-output"` | own clock, given to other cameras (primary)                                  |
 * | `"external"`             | the clock of another camera (secondary); open it before the primary          |
 */
export type Gen31Clock = "internal" | "internal-with-output" | "external";

/**
 * Complete configuration of a Gen3.1. Its JSON is short and can be given again.
 *
 * @example
 * ```ts
 * import type { Gen31Changes } from "@neuromorphic/drivers";
 *
 * const changes: Gen31Changes = {
 *   biases: { diffOn: 420 },
 *   regionOfInterest: { x: 0, y: 100, width: 640, height: 200 },
 *   noiseFilter: { minimumEventsPerSecond: 50_000 },
 * };
 * console.log(JSON.stringify(changes));
 * ```
 */
export interface Gen31Configuration {
  /** Biases of the pixels, in mV. */
  readonly biases: Gen31Biases;
  /**
   * False (default): biases outside of their ranges, and those that do not go together, are refused. True: each bias may
   * be 0 to 1800 mV. OpenEB calls this `ll_biases_range_check_bypass`.
   */
  readonly beyondRecommendedBiases: boolean;
  /**
   * Columns that send nothing: 640 bytes, one for each x, 1 = masked, or ranges such as `"0-99"`. Default: none. A pixel
   * is silent where its column or its row is masked.
   */
  readonly xMask: Mask;
  /** Rows that send nothing: 480 bytes, one for each y (0 is the top row), 1 = masked. Default: none. */
  readonly yMask: Mask;
  /** Event rate activity filter; null (default): off. */
  readonly noiseFilter: Gen31NoiseFilter | null;
  /** Where the clock comes from; chosen when the camera is opened, and fixed until it is closed. Default "internal". */
  readonly clock: Gen31Clock;
  /** Reports edges on the trigger input as trigger events (id 0). Default false, as in OpenEB. */
  readonly externalTrigger: boolean;
  /**
   * The longest time in µs for which the camera collects events before it sends them: 1 to 65535, default 4000. Shorter
   * periods cost more transfers; metavision_driver uses 1008, and other values are not known to be in use.
   */
  readonly packetPeriodUs: number;
}

/** Some of the biases, in mV. */
export type Gen31BiasChanges = { readonly [Name in keyof Gen31Biases]?: number | undefined };

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `noiseFilter: null` switches the filter off.
 */
export type Gen31Changes =
  & {
    readonly [Name in Exclude<keyof Gen31Configuration, "biases" | "xMask" | "yMask">]?:
      | Gen31Configuration[Name]
      | undefined;
  }
  & {
    readonly biases?: Gen31BiasChanges | undefined;
    readonly xMask?: MaskLike | undefined;
    readonly yMask?: MaskLike | undefined;
    /**
     * Rectangles whose pixels alone send; they become `xMask` and `yMask`, which must not be given, too. Null: all pixels.
     * Several rectangles must be a grid of columns and rows; a RangeError names a pixel that would send, too.
     */
    readonly regionOfInterest?: Rect | readonly Rect[] | null | undefined;
  };

/** Columns and rows of the sensor. */
export const WIDTH = 640;
export const HEIGHT = 480;

/** Sources: see {@link Gen31Biases}; the rest as OpenEB starts. */
export const DEFAULT_CONFIGURATION: Gen31Configuration = Object.freeze({
  biases: Object.freeze({ diffOff: 221, diffOn: 384, diff: 299, fo: 1_477, pr: 1_250, refr: 1_500, hpf: 1_448 }),
  beyondRecommendedBiases: false,
  xMask: new Mask(WIDTH),
  yMask: new Mask(HEIGHT),
  noiseFilter: null,
  clock: "internal",
  externalTrigger: false,
  packetPeriodUs: 4_000,
});
