import type { RecordingEndReason } from "../../recording/receipt.ts";

/** What a recorder has written so far, read now. */
export interface RecorderStatistics {
  /** Bytes of the file, its header included. */
  readonly bytes: number;
  /** Seconds on the host's clock since the recording began; of one that has ended, until its last byte was written. */
  readonly seconds: number;
  /** Bytes a second on average. */
  readonly bytesPerSecond: number;
  /**
   * Bytes of the file whose events are counted. On a busy machine writing and the program come first, and counting
   * follows: then it is less than `bytes`. At the end it is the same.
   */
  readonly countedBytes: number;
  /** Polarity events in the bytes that are counted. */
  readonly polarityEvents: number;
  /** Trigger events in them. */
  readonly triggerEvents: number;
  /** Sensor clock behind the last of them in µs, as a reader of the file has it; undefined before the first time. */
  readonly currentTime: number | undefined;
  /** Places in them where data is missing; the receipt has a line for each. */
  readonly gaps: number;
  /** USB transfers lost: those that failed, and those for which there was no room because the disk was too slow. */
  readonly droppedTransfers: number;
  /** Their bytes. */
  readonly droppedBytes: number;
  /**
   * Bytes left out at the beginning and behind losses, because no reader could tell their time or row. While it records,
   * bytes of the file without its header, `droppedBytes`, `skippedBytes` and `queuedBytes` together are what the camera
   * has sent since the recording began.
   */
  readonly skippedBytes: number;
  /** Bytes that wait for the disk. */
  readonly queuedBytes: number;
  /** Why the recording ended; undefined until all is written and counted. */
  readonly reason: RecordingEndReason | undefined;
}
