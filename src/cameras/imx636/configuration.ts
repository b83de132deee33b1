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
 * Biases of the pixels: offsets from the codes that the chip itself holds after its reset, which differ from chip to
 * chip. 0 (default) is the chip's own code.
 *
 * A code is a whole number from 0 to 255 for one of the sensor's current DACs, so an offset reaches from minus the chip's
 * code to 255 minus it: `device.sensors.biases()` tells both ends. Closing writes the chip's codes back.
 *
 * The recommended ranges are those of OpenEB 5.1.1 for an IMX636. The option `beyondRecommendedBiases` allows more. The
 * effects are those of Prophesee's documentation, "Biases".
 */
export interface Imx636Biases {
  /** Analogue setting, to be left as it is. */
  readonly pr: number;
  /** Low-pass filter: higher is faster and noisier. Recommended: -35 to 55, on an IMX646 -20 to 0. */
  readonly fo: number;
  /** High-pass filter: higher removes slow changes. Recommended: 0 to 120. */
  readonly hpf: number;
  /** Contrast threshold of ON events: higher is less sensitive. Recommended: -85 to 140, on an IMX646 -80 to 145. */
  readonly diffOn: number;
  /** Reference of the two thresholds, to be left as it is. Recommended: -25 to 23. */
  readonly diff: number;
  /**
   * Contrast threshold of OFF events: the farther its code is from that of `diff`, the less sensitive. Recommended: -35 to
   * 190, on an IMX646 -30 to 200.
   */
  readonly diffOff: number;
  /** Analogue setting, to be left as it is. */
  readonly inv: number;
  /** Refractory period of a pixel: higher is a shorter dead time. Recommended: -20 to 235. */
  readonly refr: number;
  /** Readout setting, to be left as it is. */
  readonly reqpuy: number;
  /** Readout setting, to be left as it is. */
  readonly reqpux: number;
  /** Readout setting, to be left as it is. */
  readonly sendreqpdy: number;
  /** Register 0x104C; its effect is unknown. */
  readonly unknown1: number;
  /** Register 0x1050; its effect is unknown. */
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
 * using device = await open({ ...virtual, configuration: { biases: { diffOn: 10 }, yMask: "0-9" } });
 * const json = JSON.stringify(device.configuration);
 * device.close();
 * using again = await open({ ...virtual, configuration: JSON.parse(json) });
 * console.log(again.configuration.biases.diffOn, again.configuration.yMask[9]); // 10 1
 * ```
 */
export interface Imx636Configuration {
  /** Biases of the pixels: offsets from the chip's own codes. Given, a bias may also be a code: `{ code: 110 }`. */
  readonly biases: Imx636Biases;
  /** True: biases may lie beyond the recommended ranges, though not beyond the codes 0 and 255. Default false. */
  readonly beyondRecommendedBiases: boolean;
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

/** All of a configuration but its biases: what also a Gen4.1 has. */
export type Imx636Features = Omit<Imx636Configuration, "biases">;

/**
 * A bias as it may be given: an offset from the chip's own code, or the code itself. A code is for programs that know the
 * chip: the same code is another sensitivity on another chip. The configuration in force has its offset.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * const biases = { diffOn: 15, fo: { code: 80 } };
 * using device = await open({ libusb: "virtual", type: "prophesee-evk4", configuration: { biases } });
 * const { diffOn, fo } = device.sensors.biases();
 * console.log(diffOn.offset, diffOn.code - diffOn.chipCode); // 15 15
 * console.log(fo.code, device.configuration.biases.fo === 80 - fo.chipCode); // 80 true
 * ```
 */
export type Imx636Bias = number | {
  /** A code of the current DAC, from 0 to 255. */
  readonly code: number;
};

/** Some of the biases. */
export type Imx636BiasChanges = { readonly [Name in keyof Imx636Biases]?: Imx636Bias | undefined };

/** A configuration before the chip is known: a bias may still be a code, for which there is no offset yet. */
export interface Imx636Request extends Omit<Imx636Configuration, "biases"> {
  readonly biases: { readonly [Name in keyof Imx636Biases]: Imx636Bias };
}

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

/** As in neuromorphic-drivers 0.18.1. */
export const DEFAULT_CONFIGURATION: Imx636Configuration = Object.freeze({
  biases: Object.freeze({
    pr: 0,
    fo: 0,
    hpf: 0,
    diffOn: 0,
    diff: 0,
    diffOff: 0,
    inv: 0,
    refr: 0,
    reqpuy: 0,
    reqpux: 0,
    sendreqpdy: 0,
    unknown1: 0,
    unknown2: 0,
  }),
  beyondRecommendedBiases: false,
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
