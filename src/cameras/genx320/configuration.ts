/** What can be configured on a GenX320. Types and defaults; checked in `configuration_check.ts`. */

import type { Rect } from "../../types.ts";
import type { Imx636AntiFlicker, Imx636AntiFlickerChanges } from "../imx636/anti_flicker.ts";
import type { Imx636TrailFilter } from "../imx636/trail_filter.ts";
import type { Genx320ActivityFilter, Genx320ActivityFilterChanges } from "./activity_filter.ts";
import type { Genx320DigitalCrop, Genx320DigitalCropChanges } from "./digital_crop.ts";
import type { Genx320EventFormat } from "./event_format.ts";
import type { Genx320EventRate, Genx320RateLimiter } from "./rate_limiter.ts";

/**
 * Biases of the pixels: codes of the bias generator, whole numbers from 0 to 127. They are absolute, unlike the offsets of
 * an IMX636.
 *
 * Ranges and defaults: OpenEB 5.1.1 (`genx320_bias_settings.h`, and the sequence of each sensor). The early sensor and
 * that of production ("MP") have other defaults. The maker's newer V4L2 driver recommends more: `fo` up to 50, `diffOn` up
 * to 78, `diffOff` up to 127.
 */
export interface Genx320Biases {
  /** Low-pass filter. Recommended: 19 to 39. Default 29, MP 34. */
  readonly fo: number;
  /** High-pass filter. Recommended: 0 to 127. Default 0, MP 40. */
  readonly hpf: number;
  /** Contrast threshold of ON events. Recommended: 24 to 60. Default 40, MP 25. */
  readonly diffOn: number;
  /** Reference of the two thresholds. Recommended: 41 to 51. Default 51. */
  readonly diff: number;
  /** Contrast threshold of OFF events. Recommended: 19 to 50. Default 40, MP 28. */
  readonly diffOff: number;
  /** Refractory period of a pixel. Recommended: 0 to 127. Default 82, MP 10. */
  readonly refr: number;
}

/**
 * Where the sensor's clock comes from.
 *
 * | value                    | meaning                                                             |
 * | ------------------------ | ------------------------------------------------------------------- |
 * | `"internal"`             | own clock                                                           |
 * | `"internal-with-output"` | own clock, given to other cameras (primary)                         |
 * | `"external"`             | the clock of another camera (secondary); open it before the primary |
 */
export type Genx320Clock = "internal" | "internal-with-output" | "external";

/** A pixel that shall send nothing. */
export interface Genx320Pixel {
  /** Column, 0 to 319, from the left. */
  readonly x: number;
  /** Row, 0 to 319, from the top. */
  readonly y: number;
}

/**
 * Complete configuration of a GenX320. Its JSON can be given again.
 *
 * @example
 * ```ts
 * import { configureVirtualBus, open } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ model: "evk3-genx320" }]);
 * const virtual = { libusb: "virtual", type: "prophesee-evk3-genx320" } as const;
 * using device = await open({ ...virtual, configuration: { biases: { diffOn: 45 } } });
 * const json = JSON.stringify(device.configuration);
 * device.close();
 * using again = await open({ ...virtual, configuration: JSON.parse(json) });
 * console.log(again.configuration.biases.diffOn, again.configuration.biases.fo); // 45 34
 * again.close();
 * await configureVirtualBus();
 * ```
 */
export interface Genx320Configuration {
  /** Biases of the pixels: codes from 0 to 127. */
  readonly biases: Genx320Biases;
  /** True: biases may lie beyond the recommended ranges, though not beyond the codes 0 and 127. Default false. */
  readonly beyondRecommendedBiases: boolean;
  /**
   * Windows whose pixels alone send: 1 to 18; null (default): all pixels. The sensor has a register for each, so they need
   * not be a grid of columns and rows. At most one of this and `regionOfNonInterest` is not null.
   */
  readonly regionOfInterest: readonly Rect[] | null;
  /** Windows whose pixels send nothing: 1 to 18; null (default): none. */
  readonly regionOfNonInterest: readonly Rect[] | null;
  /**
   * Single pixels that send nothing, for example hot ones. The sensor has 16 slots for them. Where they are more, each
   * pixel is switched off by its latch: a change of such a mask, or of the region, takes some 16 register writes for each
   * row with masked pixels.
   */
  readonly pixelMask: readonly Genx320Pixel[];
  /** Drops events outside of a window; null (default): none. */
  readonly digitalCrop: Genx320DigitalCrop | null;
  /** Drops, or keeps, what lamps flicker; null (default): off. */
  readonly antiFlicker: Imx636AntiFlicker | null;
  /** Drops parts of bursts, and noise; null (default): off. */
  readonly trailFilter: Imx636TrailFilter | null;
  /** Lets events through only while their rate lies in a band; null (default): off. */
  readonly activityFilter: Genx320ActivityFilter | null;
  /** Limits the event rate; null (default): no limit. */
  readonly rateLimiter: Genx320RateLimiter | null;
  /** Where the clock comes from; chosen when the camera is opened, and fixed until it is closed. Default "internal". */
  readonly clock: Genx320Clock;
  /** Reports edges on the trigger input as trigger events (id 0). Default true, as after the sensor's reset. */
  readonly externalTrigger: boolean;
  /** Format of the stream; chosen when the camera is opened, and fixed until it is closed. Default "evt2.1". */
  readonly eventFormat: Genx320EventFormat;
}

/** Some of the biases. */
export type Genx320BiasChanges = { readonly [Name in keyof Genx320Biases]?: number | undefined };

/** A configuration before the sensor is known, which completes its biases. */
export interface Genx320Request extends Omit<Genx320Configuration, "biases"> {
  readonly biases: Genx320BiasChanges;
}

/**
 * Parts of a configuration: what is not named, or undefined, is the default when a camera is opened, and stays as it is
 * in an update. `null` switches a region, a crop, a filter or the limiter off.
 *
 * @example Windows, filter and limiter that change while the camera streams
 * ```ts
 * import { configureVirtualBus, open } from "@neuromorphic/drivers";
 *
 * await configureVirtualBus([{ model: "evk3-genx320" }]);
 * using device = await open({ libusb: "virtual", type: "prophesee-evk3-genx320" });
 * device.updateConfiguration({
 *   regionOfInterest: [{ x: 0, y: 100, width: 320, height: 50 }, { x: 40, y: 0, width: 30, height: 320 }],
 *   trailFilter: { type: "stc-cut-trail", thresholdUs: 10_000 },
 *   rateLimiter: { maximumEventsPerSecond: 5e6 },
 * });
 * console.log(device.configuration.rateLimiter?.maximumEventsPerPeriod); // 500
 * device.updateConfiguration({ regionOfInterest: null, trailFilter: null, rateLimiter: null });
 * device.close();
 * await configureVirtualBus();
 * ```
 */
export type Genx320Changes =
  & {
    readonly [
      Name in Exclude<
        keyof Genx320Configuration,
        | "biases"
        | "regionOfInterest"
        | "regionOfNonInterest"
        | "digitalCrop"
        | "antiFlicker"
        | "activityFilter"
        | "rateLimiter"
      >
    ]?: Genx320Configuration[Name] | undefined;
  }
  & {
    readonly biases?: Genx320BiasChanges | undefined;
    /** One window or several; it takes the place of a `regionOfNonInterest`. */
    readonly regionOfInterest?: Rect | readonly Rect[] | null | undefined;
    /** One window or several; it takes the place of a `regionOfInterest`. */
    readonly regionOfNonInterest?: Rect | readonly Rect[] | null | undefined;
    readonly digitalCrop?: Genx320DigitalCropChanges | null | undefined;
    readonly antiFlicker?: Imx636AntiFlickerChanges | null | undefined;
    readonly activityFilter?: Genx320ActivityFilterChanges | null | undefined;
    readonly rateLimiter?: Genx320RateLimiter | Genx320EventRate | null | undefined;
  };

/** Columns and rows of the sensor. */
export const WIDTH = 320;
export const HEIGHT = 320;

/** As OpenEB starts, but for the format, which it leaves to the sensor. */
export const DEFAULT_REQUEST: Genx320Request = Object.freeze({
  biases: Object.freeze({}),
  beyondRecommendedBiases: false,
  regionOfInterest: null,
  regionOfNonInterest: null,
  pixelMask: Object.freeze([]),
  digitalCrop: null,
  antiFlicker: null,
  trailFilter: null,
  activityFilter: null,
  rateLimiter: null,
  clock: "internal",
  externalTrigger: true,
  eventFormat: "evt2.1",
});
