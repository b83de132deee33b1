import type { EventFormat } from "../decoder/decoder.ts";
import type { PolarityEvents, TriggerEvents } from "../packets/columns.ts";
import type { Geometry } from "../types.ts";

/** Formats that can be written. */
export type EncodedFormat = Exclude<EventFormat, "evt4">;

/** What an encoder must know: the format of its words, and the size of the sensor (from 1 to 2048 pixels a side). */
export interface EncoderOptions extends Geometry {
  /** What the bytes shall be. `"evt21-legacy"` is the byte order that sensors send. */
  readonly format: EncodedFormat;
}

/** What an encoder takes: a packet of a device, a decoder or a recording, or columns of a program's own. */
export interface EncodableEvents {
  /** Pixel changes; times are whole numbers of µs and never decrease. */
  readonly polarityEvents?: PolarityEvents | undefined;
  /** Edges of trigger inputs; the same holds for their times. */
  readonly triggerEvents?: TriggerEvents | undefined;
}

/**
 * Turns events into the bytes of an event stream, keeping its state from call to call. The bytes of all calls, one after
 * the other, are one stream: a decoder gives back the same events in the same order, whichever reader it is of.
 *
 * | format                    | largest time     | trigger inputs |
 * | ------------------------- | ---------------- | -------------- |
 * | `"evt3"`                  | 2^42 µs, 50 days | 0 to 15        |
 * | `"evt2"`                  | 2^34 µs, 4.8 h   | 0 to 31        |
 * | `"evt21"`, `"evt21-legacy"` | 2^34 µs, 4.8 h | 0 to 31        |
 *
 * Pauses are bridged by words of time, as sensors send them, so that every reader follows: 0.5 kB for each second in EVT3,
 * and a word in the others. A stream of EVT3 whose first time is later than 16.8 s begins with the wraps of the counter
 * before it: 1.8 MB for each hour. Where that or a pause is longer than 4.8 hours, it takes 8 kB for each hour, and our
 * decoder counts discontinuities there.
 */
export interface Encoder {
  /** The options that it was made with. */
  readonly options: EncoderOptions;
  /**
   * The bytes of these events and triggers, in the order of their times; at the same time a trigger comes first. Nothing
   * is held back, and samples of an IMU and frames are left out, as no format of these has them. The bytes are the
   * caller's own, and the columns may be changed as soon as this has returned.
   *
   * Where it throws, it has written nothing, and the encoder is as it was before.
   *
   * @throws {TypeError} for what are no columns of the right types and of equal lengths, or detached ones.
   * @throws {RangeError} for a time that is no whole number of µs or below the one before, also that of the call before;
   * for `x`, `y` or `on` beyond the sensor or beyond 1. It names the index.
   * @throws {NeuromorphicError} "unsupported" for what the format cannot hold: a time, a trigger's input, a pulse.
   * @throws {NeuromorphicError} "closed" after {@link close}.
   */
  encode(events: EncodableEvents): Uint8Array<ArrayBuffer>;
  /** Forgets what was written: the next bytes begin a stream of their own. */
  reset(): void;
  /** Ends its use; safe to call twice. An encoder has no native memory, so one that is forgotten costs nothing. */
  close(): void;
  /** The same as {@link close}. */
  [Symbol.dispose](): void;
}
