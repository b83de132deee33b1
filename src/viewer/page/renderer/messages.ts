/**
 * What the page and the Worker of a view say to each other. Both import this file; all of it can be cloned.
 *
 * | the page asks        | the Worker tells                                                            |
 * | -------------------- | --------------------------------------------------------------------------- |
 * | `open`               | `opened`, or `failed`: nothing else comes then                              |
 * | `show`               | nothing: from then on it reads, and may tell `ended` at any time            |
 * | `bytes`              | `taken`, once some were read                                                |
 * | `draw`               | `drawn`                                                                     |
 * | `measure-range`      | `range`, or `no-range`                                                      |
 * | `style`              | nothing, or `style-refused`                                                 |
 * | `search-hot-pixels`  | `hot-pixels`, after some seconds of the sensor's time                       |
 * | `end`                | `ended`, once all that came before was read                                 |
 * | all else             | nothing: the next picture shows it                                          |
 */

import type { DecoderOptions } from "../../../decoder/decoder.ts";
import type { Status } from "../../../packets/status.ts";
import type { WireError } from "../../wire.ts";
import type { RemoteFileOptions } from "../sources/remote_file.ts";
import type { PictureStyle } from "../styles.ts";
import type { Pixel } from "./hot_pixel_search.ts";
import type { Reading, Totals } from "./meter.ts";
import type { SensorProperties, TimeRange } from "./played_source.ts";
import type { RateWindow } from "./rate_history.ts";

/** Where a view's events come from. */
export type Input = LiveInput | RecordedInput;

/** A live source, whose bytes the page sends. */
export interface LiveInput {
  readonly kind: "live";
  readonly decoderOptions: DecoderOptions;
}

/** A recording, which the Worker opens: a file of the user, or one of the computer that gave the page. */
export type RecordedInput =
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "remote-file"; readonly url: string; readonly options: RemoteFileOptions };

/** What a recording tells of itself. */
export interface RecordingDescription {
  readonly name: string;
  readonly details: readonly string[];
  readonly warnings: readonly string[];
  readonly properties: SensorProperties;
}

/** From the page. */
export type Asked =
  | { readonly kind: "open"; readonly input: Input }
  /** The Worker draws into it. */
  | { readonly kind: "show"; readonly canvas: OffscreenCanvas }
  | Command;

/** From the page, once the picture is shown. */
export type Command =
  /** Of a live source. The bytes are moved. */
  | { readonly kind: "bytes"; readonly status: Status; readonly packet: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end" }
  | { readonly kind: "draw" }
  | { readonly kind: "pause"; readonly isPaused: boolean }
  | { readonly kind: "speed"; readonly speed: number }
  | { readonly kind: "step"; readonly us: number }
  | { readonly kind: "seek"; readonly time: number }
  | { readonly kind: "style"; readonly style: PictureStyle }
  | { readonly kind: "clear" }
  | { readonly kind: "search-hot-pixels" }
  | { readonly kind: "measure-range" };

/** A picture is drawn: what the page shows beside it. */
export interface Drawn {
  readonly kind: "drawn";
  /** How long drawing took. */
  readonly tookMs: number;
  /** Time of the sensor that the picture shows, µs; undefined before the first event. */
  readonly time: number | undefined;
  /** How far the picture is behind what was received, µs. */
  readonly behindUs: number;
  /** A recording was shown to its end. */
  readonly isAtEnd: boolean;
  readonly rates: RateWindow;
  /** Some times a second. */
  readonly measured: { readonly reading: Reading; readonly totals: Totals } | undefined;
}

/** From the Worker. */
export type Told =
  | { readonly kind: "opened"; readonly recording: RecordingDescription | undefined }
  | { readonly kind: "failed"; readonly error: WireError }
  /** Items were read; `bytes` is their size, as `weightOf` has it. */
  | { readonly kind: "taken"; readonly bytes: number }
  | Drawn
  | { readonly kind: "range"; readonly range: TimeRange | undefined }
  | { readonly kind: "no-range"; readonly error: WireError }
  /** The style in force stays so. */
  | { readonly kind: "style-refused"; readonly style: PictureStyle; readonly error: WireError }
  | { readonly kind: "hot-pixels"; readonly pixels: readonly Pixel[] }
  /** The source has come to its end; `error` of the Worker, undefined where it is the page that knows of one. */
  | { readonly kind: "ended"; readonly error: WireError | undefined };
