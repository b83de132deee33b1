import type { RecorderStatistics } from "../devices/common/recorder_statistics.ts";
import type { RecordOptions } from "../devices/common/record_options.ts";
import type { NeuromorphicError } from "../errors.ts";
import type { RecordingEndReason } from "../recording/receipt.ts";

/** What a `FileSystemFileHandle` of the browser is to a recorder: something that makes a stream for its file. */
export interface WritableFile {
  /** Name of the file. */
  readonly name: string;
  /** Makes a stream that replaces the file's content when it is closed. */
  createWritable(): Promise<WritableStream<Uint8Array>>;
}

/** Where a recording in a page can go to; without a target it becomes a `Blob`. */
export type WebRecordTarget = WritableStream<Uint8Array> | WritableFile;

/** How a recording is written, and when it ends. */
export type WebRecordOptions = Omit<RecordOptions, "force">;

/** What a recording in a page became. */
export interface WebRecordingResult extends RecorderStatistics {
  /** The RAW file, where no target was given. */
  readonly file: Blob | undefined;
  /** The receipt: JSON Lines, to be kept beside the file as `<name>.receipt.jsonl`. */
  readonly receipt: Blob;
  /** Why the recording ended. */
  readonly reason: RecordingEndReason;
  /** Why writing failed, where `reason` is `"no-space"` or `"io"`: the file has what was written before. */
  readonly error: NeuromorphicError | undefined;
}

/**
 * Writes what a camera sends, while the page reads the device or does something else. See `device.recordTo`.
 *
 * It ends by {@link stop}, by one of its options, with its `await using` scope, and with the device.
 */
export interface WebRecorder {
  /** What is written so far. */
  readonly statistics: RecorderStatistics;
  /** Resolves when all is written, however the recording ends; never rejects. */
  readonly finished: Promise<WebRecordingResult>;
  /** Ends the recording. What was received is written first, however long a slow target takes. Safe to call twice. */
  stop(): Promise<WebRecordingResult>;
  /** The same as {@link stop}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
