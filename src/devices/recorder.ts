import { clearInterval, setInterval } from "node:timers";
import type { NeuromorphicError } from "../errors.ts";
import type { NativeRecorder, NativeRecorderStatistics } from "../recording/native_recorder.ts";
import type { RecordingEndReason } from "../recording/receipt.ts";
import { showAs } from "../shown.ts";
import type { EventStream, StreamTap } from "../stream/event_stream.ts";
import type { RecorderStatistics } from "./common/recorder_statistics.ts";

/** What a recording became. */
export interface RecordingResult extends RecorderStatistics {
  /** The file. */
  readonly path: string;
  /** Its receipt. */
  readonly receiptPath: string;
  /** Why the recording ended. */
  readonly reason: RecordingEndReason;
  /**
   * Why writing failed, where `reason` is `"no-space"` or `"io"`: the file has what was written before. Undefined for an
   * `"io"` that was the USB's.
   */
  readonly error: NeuromorphicError | undefined;
}

/**
 * Writes what a camera sends to a file, while the program reads the device or does something else. See
 * `device.recordTo`.
 *
 * It ends by {@link stop}, by one of its options, with its `await using` scope, and with the device. A recorder that the
 * program has dropped goes on until then.
 */
export interface Recorder {
  /** The file. */
  readonly path: string;
  /** Its receipt: `<path>.receipt.jsonl`. */
  readonly receiptPath: string;
  /** What is written so far. */
  readonly statistics: RecorderStatistics;
  /**
   * Resolves when all is written and counted, however the recording ends; never rejects. While the program waits for it,
   * and after the recording's end while the rest is counted, the process stays alive.
   */
  readonly finished: Promise<RecordingResult>;
  /**
   * Ends the recording. What was received is written first, however long a slow disk takes, and counted: a gigabyte of
   * it in a second or less. Safe to call twice.
   */
  stop(): Promise<RecordingResult>;
  /**
   * As {@link stop}, but blocks, for 0.9 s at most. What a slow disk has not taken after 0.8 s is lost, and told. What is
   * not counted then is counted afterwards: {@link finished} tells when.
   */
  [Symbol.dispose](): void;
  /** The same as {@link stop}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How often a recorder looks whether it has ended. */
const lookMs = 20;

/** How long a blocking end may take, and one more time where what waits is lost. */
const [disposeLimitMs, abandonLimitMs] = [800, 100];

/** A recorder of an open device. */
export class DeviceRecorder implements Recorder, StreamTap {
  readonly path: string;
  readonly receiptPath: string;
  readonly #native: NativeRecorder;
  readonly #stream: EventStream;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #finished = Promise.withResolvers<RecordingResult>();
  #result: RecordingResult | undefined;

  /** `holds` is kept from the garbage collector until the recording has ended. */
  constructor(
    stream: EventStream,
    attach: (stream: number) => NativeRecorder,
    { path, receiptPath, signal, holds }: {
      readonly path: string;
      readonly receiptPath: string;
      readonly signal: AbortSignal | undefined;
      readonly holds: unknown;
    },
  ) {
    this.path = path;
    this.receiptPath = receiptPath;
    this.#stream = stream;
    this.#signal = signal;
    let native: NativeRecorder | undefined;
    stream.tap((handle) => {
      native = attach(handle);
      return this;
    });
    this.#native = native!;
    this.#onAbort = () => this.#native.stop("signal");
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    const look = () => {
      void holds;
      this.#look();
    };
    this.#timer = setInterval(look, lookMs);
    this.#timer.unref();
  }

  get statistics(): RecorderStatistics {
    return this.#result ?? shownStatistics(this.#native.statistics());
  }

  get finished(): Promise<RecordingResult> {
    if (this.#result === undefined) this.#timer.ref();
    return this.#finished.promise;
  }

  /** The result, once all is written. */
  get result(): RecordingResult | undefined {
    this.#look();
    return this.#result;
  }

  stop(): Promise<RecordingResult> {
    this.#native.stop("stopped");
    this.#look();
    return this.finished;
  }

  finish(deadlineMs: number): void {
    if (this.#result !== undefined) return;
    this.#native.stop("closed");
    this.#endWithin(Math.max(0, deadlineMs - performance.now()));
  }

  [Symbol.dispose](): void {
    if (this.#result !== undefined) return;
    this.#native.stop("stopped");
    this.#endWithin(disposeLimitMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #look(): void {
    if (this.#result === undefined && this.#native.statistics().reason !== undefined) this.#settle();
  }

  /** Waits for the end. Where only counting is left, it goes on, and the program stays until that is done. */
  #endWithin(limitMs: number): void {
    if (!this.#native.wait(Math.ceil(limitMs))) {
      if (!this.#native.statistics().isWritten) this.#native.abandon();
      this.#native.wait(abandonLimitMs);
    }
    const { reason, isWritten } = this.#native.statistics();
    if (reason !== undefined || !isWritten) this.#settle();
    else this.#timer.ref();
  }

  #settle(): void {
    clearInterval(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#stream.untap(this);
    this.#native.close();
    const last = this.#native.statistics();
    const { path, receiptPath } = this;
    this.#result = { path, receiptPath, ...shownStatistics(last), reason: last.reason!, error: last.error };
    this.#finished.resolve(this.#result);
  }
}

showAs(DeviceRecorder, "Recorder", ({ path, statistics: { bytes, droppedBytes, reason } }) => ({
  path,
  bytes,
  droppedBytes,
  reason,
}));

function shownStatistics({ error: _, isWritten: __, ...statistics }: NativeRecorderStatistics): RecorderStatistics {
  const { bytes, seconds } = statistics;
  return { ...statistics, bytesPerSecond: seconds > 0 ? bytes / seconds : 0 };
}
