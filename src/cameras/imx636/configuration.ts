/** What can be configured on an IMX636. Types and defaults; checked in `configuration_check.ts`. */

import { Mask, type MaskLike } from "../masks/mask.ts";

/**
 * Biases of the pixels: codes from 0 to 255 of the sensor's current DACs.
 *
 * Defaults: neuromorphic-drivers 0.16.1. Effects: Prophesee's documentation, "Biases". The codes are absolute; OpenEB
 * shows offsets from the factory's codes instead.
 */
export interface Imx636Biases {
  /** Analogue setting, to be left as it is. Default 124. */
  readonly pr: number;
  /** Low-pass filter: higher is faster and noisier. Default 83. */
  readonly fo: number;
  /** High-pass filter: higher removes slow changes. Default 0. */
  readonly hpf: number;
  /** Contrast threshold of ON events: the farther above `diff`, the less sensitive. Default 102. */
  readonly diffOn: number;
  /** Reference of the two thresholds, to be left as it is. Default 77. */
  readonly diff: number;
  /** Contrast threshold of OFF events: the farther from `diff`, the less sensitive. Default 73. */
  readonly diffOff: number;
  /** Analogue setting, to be left as it is. Default 91. */
  readonly inv: number;
  /** Refractory period of a pixel: higher is a shorter dead time. Default 20. */
  readonly refr: number;
  /** Readout setting, to be left as it is. Default 140. */
  readonly reqpuy: number;
  /** Readout setting, to be left as it is. Default 124. */
  readonly reqpux: number;
  /** Readout setting, to be left as it is. Default 148. */
  readonly sendreqpdy: number;
  /** Register 0x104C; its effect is unknown. Default 116. */
  readonly unknown1: number;
  /** Register 0x1050; its effect is unknown. Default 81. */
  readonly unknown2: number;
}

/** Drops events beyond a rate, in the sensor. */
export interface Imx636RateLimiter {
  /**
   * Length of the period over which events are counted, in µs: 1 to 1023 (register 0x6008 has 10 bits).
   * neuromorphic-drivers advises at most 200, which is also what OpenEB uses.
   */
  readonly referencePeriodUs: number;
  /**
   * Events let through in each period: 0 to 4194303 (register 0x600C has 22 bits). OpenEB allows up to 640000 and
   * sets 10000 by default, which is 50 million events per second with periods of 200 µs.
   */
  readonly maximumEventsPerPeriod: number;
}

/**
 * Where the sensor's clock comes from.
 *
 * | value                    | meaning                                                                     |
 * | ------------------------ | --------------------------------------------------------------------------- |
 * | `"internal"`             | own clock                                                                   |
 * | `"internal-with-output"` | own clock, given to other cameras on the synchronisation pin (primary)      |
 * | `"external"`             | the clock on the synchronisation pin (secondary); open it before the primary |
 */
export type Imx636Clock = "internal" | "internal-with-output" | "external";

/** A pixel that shall send nothing. */
export interface Imx636Pixel {
  /** Column, 0 to 1279, from the left. */
  readonly x: number;
  /** Row, 0 to 719, from the top. */
  readonly y: number;
}

/**
 * Complete configuration of an IMX636. Its JSON is short and can be given again.
 *
 * @example Save what is in force, and open a camera with it
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * const virtual = { libusb: "virtual", type: "prophesee-evk4" } as const;
 * using device = await open({ ...virtual, configuration: { biases: { diffOn: 110 }, yMask: "0-9" } });
 * const json = JSON.stringify(device.configuration);
 * device.close();
 * using again = await open({ ...virtual, configuration: JSON.parse(json) });
 * console.log(again.configuration.biases.diffOn, again.configuration.yMask[9]); // 110 1
 * ```
 */
export interface Imx636Configuration {
  /** Biases of the pixels. */
  readonly biases: Imx636Biases;
  /**
   * Columns that send nothing: 1280 bytes, one for each x, 1 = masked. Default: none.
   *
   * Given, it may also be a text of ranges: `"0-99"` and `new Uint8Array(1280).fill(1, 0, 100)` both mask the first
   * hundred columns. `regionOfInterest` makes the masks of a rectangle.
   */
  readonly xMask: Mask;
  /** Rows that send nothing: 720 bytes, one for each y (0 is the top row of the events), 1 = masked. Default: none. */
  readonly yMask: Mask;
  /** True: only pixels are masked whose column and row are both masked. False (default): one of them is enough. */
  readonly maskIntersectionOnly: boolean;
  /** Single pixels that send nothing, for example hot ones: up to 64, which the sensor has registers for. */
  readonly pixelMask: readonly Imx636Pixel[];
  /** Limits the event rate; null (default): no limit. */
  readonly rateLimiter: Imx636RateLimiter | null;
  /** Where the clock comes from; chosen when the camera is opened, and fixed until it is closed. Default "internal". */
  readonly clock: Imx636Clock;
  /** Reports edges on the trigger input as trigger events (id 0). Default true. */
  readonly externalTrigger: boolean;
  /**
   * False: the camera sends nothing, neither events nor words of time, so a loop waits. The sensor's clock goes on: times
   * after the pause have its length in them. Default true. Source: `ro_ctrl` (0x9028), whose `keep_th` stays 0.
   */
  readonly output: boolean;
}

/** Some of the biases. */
export type Imx636BiasChanges = { readonly [Name in keyof Imx636Biases]?: number | undefined };

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `rateLimiter: null` switches the limiter off.
 */
export type Imx636Changes =
  & {
    readonly [Name in Exclude<keyof Imx636Configuration, "biases" | "xMask" | "yMask">]?:
      | Imx636Configuration[Name]
      | undefined;
  }
  & {
    readonly biases?: Imx636BiasChanges | undefined;
    readonly xMask?: MaskLike | undefined;
    readonly yMask?: MaskLike | undefined;
  };

/** Columns and rows of the sensor. */
export const WIDTH = 1280;
export const HEIGHT = 720;

/** How many single pixels can be masked. */
export const PIXEL_MASK_LENGTH = 64;

/** Sources: see {@link Imx636Biases}; the rest as in neuromorphic-drivers 0.16.1. */
export const DEFAULT_CONFIGURATION: Imx636Configuration = Object.freeze({
  biases: Object.freeze({
    pr: 124,
    fo: 83,
    hpf: 0,
    diffOn: 102,
    diff: 77,
    diffOff: 73,
    inv: 91,
    refr: 20,
    reqpuy: 140,
    reqpux: 124,
    sendreqpdy: 148,
    unknown1: 116,
    unknown2: 81,
  }),
  xMask: new Mask(WIDTH),
  yMask: new Mask(HEIGHT),
  maskIntersectionOnly: false,
  pixelMask: Object.freeze([]),
  rateLimiter: null,
  clock: "internal",
  externalTrigger: true,
  output: true,
});
