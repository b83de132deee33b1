import type { TriggerEvents } from "../packets/columns.ts";
import type { Packet } from "../packets/packet.ts";
import type { StreamItem } from "../stream/stream_item.ts";
import type { Geometry } from "../types.ts";
import type { RecordingFormat } from "./format.ts";

/** Options of `openRecording`. */
export interface OpenRecordingOptions {
  /** Events before this time are left out, in µs of the recording's own clock. Default: the beginning. */
  readonly from?: number | undefined;
  /** Events at this time and later are left out, in µs. Default: the end. */
  readonly to?: number | undefined;
  /**
   * How fast packets are handed over. A number plays: 1 is the speed at which it was recorded, 0.5 half of it, up to
   * 1000. Default `"as-fast-as-possible"`.
   */
  readonly speed?: number | "as-fast-as-possible" | undefined;
  /**
   * Begin again at the end. The times repeat as they stand in the file; `status.gaps` has a gap at the place, and
   * `timeDiscontinuities` counts it. Default false.
   */
  readonly loop?: boolean | undefined;
  /** What the file is, where that is not to be found out from its first bytes and its name. */
  readonly format?: RecordingFormat | undefined;
  /** The size of the sensor. Default: as the file says. */
  readonly geometry?: Geometry | undefined;
  /** As in `open`: a packet is valid until the next one is asked for. Default false: as long as it is held. */
  readonly reuseBuffers?: boolean | undefined;
  /**
   * Whether an index may be kept in a file beside a large recording (`NAME.index`), so that it needs to be made once
   * only. Default true. Where the folder is not writable none is kept.
   */
  readonly keepIndex?: boolean | undefined;
  /** Closes the recording; a loop, and `openRecording` where it waits for a stream, throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a receipt beside a recording says of the camera. */
export type RecordedCamera = Readonly<Record<string, unknown>>;

/**
 * An open recording: an iterable of `{ status, packet }` as a device is, until its end. `openRecording` makes one.
 *
 * A loop borrows the recording, its scope owns it. Leaving a loop ends the iteration and nothing else, and the next loop
 * goes on where the last one stopped; after the end there is nothing more, until {@link Recording.seek}. There is one
 * reader at a time, as with a device.
 *
 * At a `speed` packets come as from a camera: each when its last event is due, with at most 10 ms of the host's time in
 * one. Where nothing happens, packets without events come twenty times a second. A loop that is too slow is not overrun.
 * It gets what is due at once until it has caught up. Between two loops the clock stands.
 *
 * Of the {@link Status}: `receivedMs` is when the bytes were read from the file, `bytes` how many they are, `delayMs` how
 * long ago that was. `gaps` are jumps of the time, the place where a `loop` begins again, and what the receipt beside a RAW
 * file says was lost when it was recorded; the latter also stands in `droppedTransfers` and `droppedBytes`. What only USB
 * has (`backlog`, `rawPackets`, `missingTransfers`) is 0.
 *
 * @example Triggers, and the events around each of them
 * ```ts
 * import { openRecording, type RecordingSource } from "@neuromorphic/drivers";
 *
 * export async function countAround(source: RecordingSource, beforeUs: number, afterUs: number): Promise<number[]> {
 *   await using recording = await openRecording(source);
 *   const counts: number[] = [];
 *   for (const trigger of (await recording.triggers()).t) {
 *     let count = 0;
 *     await recording.seek(trigger - beforeUs);
 *     for await (const { packet } of recording) {
 *       const t = packet.polarityEvents?.t ?? new Float64Array();
 *       count += t.filter((time) => time < trigger + afterUs).length;
 *       if (t.length > 0 && t.at(-1)! >= trigger + afterUs) break;
 *     }
 *     counts.push(count);
 *   }
 *   return counts;
 * }
 * ```
 */
export interface Recording {
  /** What errors call it: its path, `"bytes"`, `"blob"` (or the name of a `File`) or `"stream"`. */
  readonly name: string;
  /** What it is. */
  readonly format: RecordingFormat;
  /** How many bytes it has; undefined for a stream, where only its end tells. What has a size can be read again. */
  readonly size: number | undefined;
  /** The size of the sensor; undefined where neither the file nor the options tell. */
  readonly geometry: Geometry | undefined;
  /** What the file says of itself: keys and values as they stand there. */
  readonly header: Readonly<Record<string, string>>;
  /** The camera, by the receipt beside the file (`NAME.receipt.jsonl`); undefined where there is none. */
  readonly camera: RecordedCamera | undefined;
  /** True after {@link close}, and after all else that closes it. */
  readonly closed: boolean;
  /**
   * From the first event to the last one, triggers among them, in µs; 0 where there are none. Of the whole file, whatever
   * `from` and `to` are. Where the file has no index, this reads it once.
   *
   * @throws {NeuromorphicError} "unsupported" for a stream, which can be read only once.
   */
  duration(): Promise<number>;
  /** Times of the first and the last event in µs; undefined where there are none. Otherwise as {@link duration}. */
  timeRange(): Promise<{ readonly first: number; readonly last: number } | undefined>;
  /** All triggers of the whole file. Otherwise as {@link duration}. */
  triggers(): Promise<TriggerEvents>;
  /**
   * Goes to a time in µs: what comes next is the first event at that time or later. Not before `from`. At a `speed`, a
   * time before the first event is the beginning: there is no wait.
   *
   * @throws {NeuromorphicError} "unsupported" for going back in a stream; "closed".
   */
  seek(time: number): Promise<void>;
  /**
   * The same items as a web stream: see `device.readable`. It is one iteration, and borrows the recording as a loop does.
   */
  readonly readable: ReadableStream<StreamItem<Packet>>;
  /**
   * Lets go of the file; a loop that runs ends quietly. Safe to call twice. The garbage collector does it for a recording
   * that the program has dropped.
   */
  close(): Promise<void>;
  /** Iterates without blocking the event loop. */
  [Symbol.asyncIterator](): AsyncIterableIterator<StreamItem<Packet>, undefined>;
  /** The same as {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
