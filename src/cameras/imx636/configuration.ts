/** What can be configured on an IMX636. Types and defaults; checked in `configuration_check.ts`. */

import type { Rect } from "../../types.ts";
import { Mask, type MaskLike } from "../masks/mask.ts";
import type { Imx636AntiFlicker, Imx636AntiFlickerChanges } from "./anti_flicker.ts";
import type { Imx636DigitalCrop, Imx636DigitalCropChanges } from "./digital_crop.ts";
import type { Imx636EventFormat } from "./event_format.ts";
import { DEFAULT_PACKET_PERIOD_US } from "./packet_period.ts";
import type { Imx636EventRate, Imx636RateLimiter } from "./rate_limiter.ts";
import type { Imx636TrailFilter } from "./trail_filter.ts";

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

/**
 * Where the sensor's clock comes from.
 *
 * | value                    | meaning                                                                     |
 * | ------------------------ | --------------------------------------------------------------------------- |
 * | `"internal"`             | own clock                                                                   |
 * | `"internal-with-output"` | own clock, given to other cameras on the synchronisation pin (primary)      |
 * | `"external"`             | the clock on the synchronisation pin (secondary); open it before the primary |
 *
 * A secondary whose primary does not run sends nothing, as far as is known (Prophesee's documentation of the
 * synchronisation), so a loop waits; `iteratorTimeoutMs` tells it. Boards often share the pins with the trigger input.
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
   * hundred columns. The change `regionOfInterest` makes the masks of a rectangle.
   */
  readonly xMask: Mask;
  /** Rows that send nothing: 720 bytes, one for each y (0 is the top row of the events), 1 = masked. Default: none. */
  readonly yMask: Mask;
  /** True: only pixels are masked whose column and row are both masked. False (default): one of them is enough. */
  readonly maskIntersectionOnly: boolean;
  /**
   * False: all columns and rows send; their masks stay in the sensor and apply again with true (default). Single pixels
   * of `pixelMask` stay silent. Source: `roi_td_en` (0x0004, bit 1).
   */
  readonly masksEnabled: boolean;
  /** Single pixels that send nothing, for example hot ones: up to 64, which the sensor has registers for. */
  readonly pixelMask: readonly Imx636Pixel[];
  /** Drops events outside of a window; null (default): none. */
  readonly digitalCrop: Imx636DigitalCrop | null;
  /** Drops, or keeps, what lamps flicker; null (default): off. */
  readonly antiFlicker: Imx636AntiFlicker | null;
  /** Drops parts of bursts, and noise; null (default): off. */
  readonly trailFilter: Imx636TrailFilter | null;
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
  /** Format of the stream; chosen when the camera is opened, and fixed until it is closed. Default "evt3". */
  readonly eventFormat: Imx636EventFormat;
  /**
   * The longest time in µs that the sensor collects data before the USB bridge gets them: a multiple of 16 from 16 to
   * 65520. Default 4000, as in every known driver, which is most of the latency of quiet scenes. Shorter periods cost
   * more packets. In the field 1008 is used (metavision_driver, register 0xB028); what the shortest useful one is, is
   * unknown.
   */
  readonly packetPeriodUs: number;
}

/** Some of the biases. */
export type Imx636BiasChanges = { readonly [Name in keyof Imx636Biases]?: number | undefined };

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `null` switches a crop, a filter or the limiter off.
 *
 * @example Filters and a region that change while the camera streams
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * using device = await open({
 *   libusb: "virtual",
 *   type: "prophesee-evk4",
 *   configuration: { regionOfInterest: { x: 320, y: 180, width: 640, height: 360 }, packetPeriodUs: 1008 },
 * });
 * device.updateConfiguration({ rateLimiter: { maximumEventsPerSecond: 10e6 } });
 * console.log(device.configuration.rateLimiter?.maximumEventsPerPeriod); // 2000
 * device.updateConfiguration({ regionOfInterest: null, rateLimiter: null });
 * ```
 */
export type Imx636Changes =
  & {
    readonly [
      Name in keyof Omit<
        Imx636Configuration,
        "biases" | "xMask" | "yMask" | "digitalCrop" | "antiFlicker" | "rateLimiter"
      >
    ]?: Imx636Configuration[Name] | undefined;
  }
  & {
    readonly biases?: Imx636BiasChanges | undefined;
    readonly xMask?: MaskLike | undefined;
    readonly yMask?: MaskLike | undefined;
    /**
     * The rectangles whose pixels alone send; null: all of them. It sets `xMask`, `yMask` and `maskIntersectionOnly`, and
     * is not given together with them. What several rectangles must be, the function `regionOfInterest` tells.
     */
    readonly regionOfInterest?: Rect | readonly Rect[] | null | undefined;
    /** The same for rectangles whose pixels send nothing; null: none. Not given together with `regionOfInterest`. */
    readonly regionOfNonInterest?: Rect | readonly Rect[] | null | undefined;
    readonly digitalCrop?: Imx636DigitalCropChanges | null | undefined;
    readonly antiFlicker?: Imx636AntiFlickerChanges | null | undefined;
    readonly rateLimiter?: Imx636RateLimiter | Imx636EventRate | null | undefined;
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
  masksEnabled: true,
  pixelMask: Object.freeze([]),
  digitalCrop: null,
  antiFlicker: null,
  trailFilter: null,
  rateLimiter: null,
  clock: "internal",
  externalTrigger: true,
  output: true,
  eventFormat: "evt3",
  packetPeriodUs: DEFAULT_PACKET_PERIOD_US,
});
