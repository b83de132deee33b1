import type { TriggerEvents } from "../packets/columns.ts";
import type { Packet } from "../packets/packet.ts";
import type { Gap, RateControllerCounts } from "../packets/status.ts";
import type { Geometry } from "../types.ts";
import type { SinkFiles } from "./sink.ts";
import type { SourceFiles } from "./source.ts";

/**
 * A format of recordings: a value, such as {@link dat}, that `openRecording` and `convert` take. What reads and writes it
 * is loaded when it is used.
 */
export interface RecordingFormat {
  /** Its name on the command line and in errors, for example `"raw-evt3"`. */
  readonly name: string;
  /** Its name for people, for example `"Prophesee RAW, EVT3"`. */
  readonly title: string;
  /** Endings of its files, the usual one first, for example `[".raw"]`. */
  readonly endings: readonly string[];
  /** What it can hold. */
  readonly limits: FormatLimits;
  /**
   * Whether the first bytes of a file (4096, or all of a shorter one) are those of this format. A format without a mark of
   * its own, such as text, also looks at the file's name.
   */
  matches(head: Uint8Array, fileName: string): boolean;
  /** Opens a recording; absent where the format is written only. Takes over the source, and closes it where it fails. */
  openReader?(files: SourceFiles, options: FormatReadOptions): Promise<FormatReader>;
  /** Begins a recording; absent where the format is read only. Takes over the sink, and aborts it where it fails. */
  openWriter?(files: SinkFiles, options: FormatWriteOptions): Promise<FormatWriter>;
}

/** What a format can hold. */
export interface FormatLimits {
  /** The largest time in µs. Infinity where only the exactness of numbers limits it (2^53). */
  readonly maximumTime: number;
  /** The largest column. */
  readonly maximumX: number;
  /** The largest row. */
  readonly maximumY: number;
  /** The largest number of a trigger input, and whether pulses can be told from edges; undefined where it has no triggers. */
  readonly triggers: { readonly maximumId: number; readonly pulses: boolean } | undefined;
  /** Whether it has samples of an inertial measurement unit. */
  readonly imu: boolean;
  /** Whether it has frames. */
  readonly frames: boolean;
  /** Whether a file tells the size of its sensor. */
  readonly geometry: boolean;
}

/** What a program knows of a recording and the file does not say, or says otherwise. */
export interface FormatReadOptions {
  /** The size of the sensor. Default: as the file says, or as its events need. */
  readonly geometry?: Geometry | undefined;
  /** A packet may be detached when the next one is asked for. A reader may ignore it. */
  readonly reuseBuffers?: boolean | undefined;
  /** Whether an index may be kept in a file beside the recording. Default: it may. */
  readonly keepIndex?: boolean | undefined;
}

/** What a reader gives at a time. */
export interface ReadItem {
  /** Events in the order of the file: at most 65,536 polarity events. Times never decrease. */
  readonly packet: Packet;
  /** Bytes of the file since the last item. */
  readonly bytes: number;
  /** The sensor's clock after the packet, in µs; undefined before the first time. */
  readonly currentTime: number | undefined;
  /** Where data is missing, or the times jump without a cause. */
  readonly gaps: readonly Gap[];
  /** Events that were left out since the last item, because they lie outside of the sensor. */
  readonly outOfSensor: number;
  /** Where the times do not go on as a clock's do. Default: as many as there are gaps. */
  readonly timeDiscontinuities?: number | undefined;
  /** What the sensor's rate controller told last. */
  readonly rateController?: RateControllerCounts | undefined;
}

/** What is in a whole recording. */
export interface Overview {
  /** Times of the first and the last event, triggers among them, in µs; undefined where there are none. */
  readonly timeRange: { readonly first: number; readonly last: number } | undefined;
  /** All triggers. */
  readonly triggers: TriggerEvents;
}

/** An open recording of one format. */
export interface FormatReader {
  /** The size of the sensor; undefined where neither the file nor the options tell. */
  readonly geometry: Geometry | undefined;
  /** What the file says of itself: keys and values as they stand there. */
  readonly header: Readonly<Record<string, string>>;
  /**
   * All items from the beginning, or from a time on. One loop at a time.
   *
   * @param from The first time that is wanted, in µs. A reader may begin with earlier events, but not with later ones.
   * @throws {NeuromorphicError} "damaged" with the offset, after all that was readable before it.
   */
  read(from?: number): AsyncIterableIterator<ReadItem, undefined>;
  /**
   * Tells what is in the recording, also while a loop reads it. Absent where that takes reading all of it.
   *
   * @throws {NeuromorphicError} "unsupported" for a stream.
   */
  overview?(): Promise<Overview>;
  /** Lets go of the file. Safe to call twice. */
  close(): Promise<void>;
}

/** What a writer must know. */
export interface FormatWriteOptions {
  /** The size of the sensor. */
  readonly geometry: Geometry;
  /** What is known of the camera, for headers that have a place for it: `serial_number`, `sensor_name`, … */
  readonly header?: Readonly<Record<string, string>> | undefined;
}

/** A recording that is being written. */
export interface FormatWriter {
  /**
   * Appends a packet. Its columns may be changed as soon as this has resolved.
   *
   * @throws {NeuromorphicError} "unsupported" for what the format cannot hold; "no-space", "io".
   */
  write(packet: Packet): Promise<void>;
  /** Writes what a format has at its end, and completes the files. */
  close(): Promise<void>;
  /** Throws away what was written. Safe to call twice, and after {@link close}, when it does nothing. */
  abort(): Promise<void>;
}
