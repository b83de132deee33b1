import type { Decoder } from "../decoder/decoder.ts";
import type { PolarityEvents, TriggerEvents } from "../packets/columns.ts";
import type { Geometry } from "../types.ts";

/** Accumulators of each pixel's last event; they differ in how it fades. */
export type FadingKind = "decay" | "linear" | "window" | "time-surface";

/** What an accumulator makes of events; see {@link Accumulator}. */
export type AccumulatorKind = FadingKind | "count" | "voxel";

/** Options of accumulators of each pixel's last event. */
export interface FadingOptions extends Geometry {
  /** How the last event fades. */
  readonly kind: FadingKind;
  /**
   * How long it takes, µs: a whole number from 1 to 100,000,000 (100 s). Default 100,000. In `"decay"` it is the time to
   * 1/e, in the others that to nothing.
   */
  readonly tauUs?: number | undefined;
}

/** Options of an accumulator of counts. */
export interface CountOptions extends Geometry {
  /** Counts of events. */
  readonly kind: "count";
  /** The count that has the full colour, from 1 to 32,767. Default 4. */
  readonly fullCount?: number | undefined;
}

/** Options of an accumulator of counts by time. */
export interface VoxelOptions extends Geometry {
  /** Counts of events, by time. */
  readonly kind: "voxel";
  /** How many periods are kept, from 1 to 64. Default 5. */
  readonly bins?: number | undefined;
  /** How long each is, µs: a whole number from 1000 to 100,000,000. Default 10,000. */
  readonly binUs?: number | undefined;
  /** The count that has the full colour, from 1 to 32,767. Default 4. */
  readonly fullCount?: number | undefined;
}

/** What an accumulator is made with: its kind, the size of the picture (1 to 2048 a side), and what its kind has. */
export type AccumulatorOptions = FadingOptions | CountOptions | VoxelOptions;

/** Red, green and blue, from 0 to 255, and opacity, 255 where it is left out. */
export type Color = readonly [red: number, green: number, blue: number, alpha?: number];

/**
 * Colours of a pixel, from nothing (first) to the full colour (last), evenly spaced and mixed in between: for a last event
 * or a count that is OFF, and for one that is ON. Each list has 1 to 256 colours. Nothing has the first one of `on`.
 */
export interface ColorMap {
  /** Darker. */
  readonly off: readonly Color[];
  /** Brighter. */
  readonly on: readonly Color[];
}

/**
 * Names of colour maps. `"dark"`, `"light"`, `"cool-warm"` and `"gray"` are named as Metavision's palettes.
 *
 * | name            | nothing    | OFF        | ON                      |
 * | --------------- | ---------- | ---------- | ----------------------- |
 * | `"orange-blue"` | black      | blue       | orange                  |
 * | `"dark"`        | dark blue  | blue       | white                   |
 * | `"light"`       | white      | dark blue  | blue                    |
 * | `"cool-warm"`   | light gray | blue       | red                     |
 * | `"gray"`        | gray       | black      | white                   |
 * | `"heat"`        | black      | as ON      | by red and yellow white |
 */
export type ColorMapName = "orange-blue" | "dark" | "light" | "cool-warm" | "gray" | "heat";

/** When and how to look at what was accumulated. */
export interface ValuesOptions {
  /**
   * The time to look from, µs on the sensor's clock. Default: {@link Accumulator.currentTime}. An earlier one than that is
   * taken for that, as what came before is forgotten.
   */
  readonly t?: number | undefined;
  /** Of accumulators of the last event: another one of their kinds, for this picture. */
  readonly kind?: FadingKind | undefined;
  /** Of the same: another time to fade, for this picture. */
  readonly tauUs?: number | undefined;
}

/** The same for a picture, and its colours. */
export interface ImageOptions extends ValuesOptions {
  /** Default `"orange-blue"`; of `"time-surface"` `"heat"`. An object is read once: for other colours make another one. */
  readonly colorMap?: ColorMapName | ColorMap | undefined;
  /** Of `"count"` and `"voxel"`: the count that has the full colour, for this picture. */
  readonly fullCount?: number | undefined;
}

/** What one call has added. */
export interface Accumulated {
  /** Events that are in the picture now. */
  readonly events: number;
  /** Those of them that are ON. */
  readonly onEvents: number;
  /** Events beyond the picture, or with an impossible time. They are left out. */
  readonly outside: number;
  /** Of {@link Accumulator.addBytes}: what the bytes have of triggers, in columns of their own; absent without any. */
  readonly triggerEvents?: TriggerEvents;
}

/** Events for an accumulator: a packet of a device, a decoder or a recording, or columns of a program's own. */
export interface AccumulatedEvents {
  /** Pixel changes; absent where there are none. */
  readonly polarityEvents?: PolarityEvents | undefined;
}

/**
 * Makes pictures of events. It takes packets, or bytes without packets in between, and draws whenever it is asked: as the
 * pixels fade with the time that is asked for, pictures come at a constant rate also where nothing happens.
 *
 * | kind             | value of a pixel, at the time t                                           | colour              |
 * | ---------------- | ------------------------------------------------------------------------- | ------------------- |
 * | `"decay"`        | last event: e^(-age / tau), negative for OFF                              | its value           |
 * | `"linear"`       | last event: 1 - age / tau, at least 0, negative for OFF                   | its value           |
 * | `"window"`       | last event: 1, -1 for OFF, 0 where its age is tau or more                 | its value           |
 * | `"time-surface"` | last event: its age in µs, Infinity where there is none                   | 1 - age / tau, as ON |
 * | `"count"`        | ON minus OFF events since {@link Accumulator.clear}                       | value / full count  |
 * | `"voxel"`        | for each bin, ON minus OFF events; the last bin is the one that has t     | sum / full count    |
 *
 * `"decay"` is `"exponential"` of the Python package's viewer, whose `"linear"` and `"window"` are the same, and the time
 * decay of OpenEB. Times are whole µs (others are rounded). The last event of a pixel is the one that was added last.
 * After 2^30 µs (18 minutes) it is forgotten. A count stays at 32,767 and at -32,768.
 *
 * @example A picture each 60th of a second
 * ```ts
 * import { createAccumulator, open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual", iteratorTimeoutMs: 1000 / 60 });
 * using accumulator = await createAccumulator({ kind: "decay", ...device.geometry });
 * let pictures = 0;
 * for await (const { status, packet } of device) {
 *   if (packet !== undefined) accumulator.add(packet);
 *   const rgba = accumulator.image({ t: status.currentTime });
 *   console.log(`picture ${++pictures}: ${rgba.length} bytes`);
 *   if (pictures === 3) break;
 * }
 * ```
 */
export interface Accumulator extends Geometry {
  /** What it makes of events. */
  readonly kind: AccumulatorKind;
  /** The last time that it knows, µs: of the last event, or of the last word of {@link addBytes}. Undefined before. */
  readonly currentTime: number | undefined;
  /**
   * Adds a packet's events. The columns are only read, and free when this returns.
   *
   * @throws {TypeError} for what are no columns of the right types and of equal lengths, or detached ones.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  add(events: AccumulatedEvents): Accumulated;
  /**
   * Adds the events of bytes, as {@link Decoder.decode} and {@link add} would, without packets in between. It takes all
   * bytes. State, statistics and time are the decoder's; where bytes were lost, call its {@link Decoder.gap} in between.
   *
   * @param decoder Of `createDecoder`, with which the bytes before these were decoded.
   * @throws {TypeError | NeuromorphicError} As {@link Decoder.decode}.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  addBytes(bytes: Uint8Array, decoder: Decoder): Accumulated;
  /**
   * The picture: red, green, blue and opacity of each pixel, row by row from the top-left corner; width * height * 4 bytes,
   * as `ImageData` takes them. The array is the accumulator's, and the next picture is drawn into it: copy what is kept
   * (`slice()`).
   *
   * @throws {TypeError | RangeError} for options that its kind does not have, and for values out of their range.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  image(options?: ImageOptions): Uint8ClampedArray<ArrayBuffer>;
  /**
   * The values, row by row from the top-left corner; of `"voxel"` bin after bin, the oldest first. The array is the
   * accumulator's, and the next values are written into it.
   *
   * @throws {TypeError | RangeError} for options that its kind does not have, and for values out of their range.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  values(options?: ValuesOptions): Float32Array<ArrayBuffer>;
  /** Forgets all events, but not the time: counts begin at 0. */
  clear(): void;
  /** Forgets all events and the time, as if it had just been made: before another stream. */
  reset(): void;
  /** Frees its memory; safe to call twice. One that is forgotten is freed when the garbage collector finds it. */
  close(): void;
  /** The same as {@link close}. */
  [Symbol.dispose](): void;
}
