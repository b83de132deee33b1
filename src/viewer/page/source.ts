/** What the page shows and controls: a camera, the virtual camera, a recording, or a camera of another computer. */

import type { DecoderOptions } from "../../decoder/decoder.ts";
import type { RawItem } from "./renderer/live_decoder.ts";
import type { SensorProperties, TimeRange } from "./renderer/played_source.ts";
import type { RendererLink } from "./renderer/renderer_link.ts";

/** Where events come from. It decides words and controls of the page, and nothing of how pictures are made. */
export type SourceKind = "camera" | "virtual" | "recording" | "remote";

/** Totals since the source was opened; a device's `statistics` fit. */
export interface SourceStatistics {
  readonly bytes: number;
  readonly droppedTransfers: number;
  readonly droppedBytes: number;
  /** Raw packets that wait for the page now. */
  readonly backlog: number;
}

/** What a live source receives, as a device in raw mode does. */
export interface LiveBytes {
  /**
   * Bytes in time, with what is known of losses. One reader at a time. A loop borrows the source: leaving it leaves the
   * source open, and the next loop goes on where the last one stopped.
   */
  readonly items: AsyncIterable<RawItem>;
  /** For the decoder of the bytes. */
  readonly decoderOptions: DecoderOptions;
}

/** What the page can show. One loop reads a live source's bytes; all else may be called beside it. */
export interface ViewerSource {
  readonly kind: SourceKind;
  /** What the page calls it, for example `"Prophesee EVK4"` or a file's name. It is shown as text, never as markup. */
  readonly name: string;
  /** More of the same in a few words: serial, speed of the link, format of a file. */
  readonly details: readonly string[];
  /** What the user should know from the beginning, a sentence each: an old firmware, a slow link. */
  readonly warnings: readonly string[];
  readonly properties: SensorProperties;
  /** Undefined for a recording. */
  readonly live?: LiveBytes | undefined;
  /** The Worker that has a recording open; undefined for a live source, whose view starts one. */
  readonly renderer?: RendererLink | undefined;
  /** Undefined for what has no USB behind it. */
  statistics?(): SourceStatistics;
  /** Undefined where nothing can be configured. */
  readonly controls?: CameraControls | undefined;
  /** Undefined for a live source. */
  readonly timeLine?: TimeLine | undefined;
  /** Starts a recording of the bytes as they come; undefined where there are none. */
  record?(): Promise<SourceRecorder>;
  /** Lets go of it; a loop that runs ends quietly. Safe to call twice. */
  close(): Promise<void>;
}

/** A configuration, or parts of one, by the names that the camera's type has. */
export type SourceConfiguration = Readonly<Record<string, unknown>>;

/** What controls ask of a camera. */
export interface CameraControls {
  /** Type of the camera, for example `"prophesee-evk4"`. */
  readonly type: string;
  /** The configuration in force. */
  configuration(): SourceConfiguration;
  /**
   * Changes what is named. Changes may be made before the last ones are in force; they are carried out in order.
   *
   * @throws {TypeError | RangeError | NeuromorphicError} where the camera does not take them: the old ones stay in force.
   */
  update(changes: SourceConfiguration): Promise<void>;
  /** The biases with the bounds of this chip. */
  biases(): Promise<readonly BiasBounds[]>;
  /** What the camera measures beside its events; undefined where it measures nothing. */
  measure?(): Promise<readonly Measurement[]>;
}

/** A bias as a slider needs it. */
export interface BiasBounds {
  /** Its name in the configuration, for example `"diffOn"`. */
  readonly name: string;
  readonly value: number;
  /** What the camera accepts now, both ends included. */
  readonly minimum: number;
  readonly maximum: number;
  /** The camera's own value. */
  readonly initial: number;
  /** `""` for codes and offsets, `"mV"` for millivolts. */
  readonly unit: string;
}

/** One figure of a camera. */
export interface Measurement {
  /** For example `"temperature"`. */
  readonly name: string;
  readonly value: number;
  /** For example `"°C"`. */
  readonly unit: string;
}

/** What a source with a beginning and an end has. */
export interface TimeLine {
  /** Times of the first and the last event in µs; undefined where there are none. Large files are read for it. */
  range(): Promise<TimeRange | undefined>;
}

/** A recording that grows. */
export interface SourceRecorder {
  /** Bytes written so far, and what was lost to the file. */
  readonly statistics: { readonly bytes: number; readonly droppedBytes: number };
  /** Ends it when all is written. Safe to call twice. */
  stop(): Promise<RecordedFiles>;
}

/** What a recording became. */
export interface RecordedFiles {
  /** One line that tells what the recording holds, and what it lacks. */
  readonly summary: string;
  /** What the page offers to save, the receipt among it; empty where the files lie on the other computer. */
  readonly files: readonly { readonly name: string; readonly content: Blob }[];
}
