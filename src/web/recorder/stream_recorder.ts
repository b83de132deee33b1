import type { RecorderStatistics } from "../../devices/common/recorder_statistics.ts";
import type { NeuromorphicError } from "../../errors.ts";
import type { Account, MissingPart } from "../../recording/account.ts";
import { formatReceiptLine, type ReceiptLine, type RecordingEndReason } from "../../recording/receipt.ts";
import { showAs } from "../../shown.ts";
import type { QueueEnd } from "../transfer_queue.ts";
import type { WebRecorder, WebRecordingResult } from "../web_recorder.ts";
import type { WebTap } from "../web_stream.ts";
import { type Chunk, ChunkQueue } from "./chunk_queue.ts";
import { BlobSink, type RecordingSink, targetError } from "./target.ts";
import type { WordFilter } from "../../recording/word_filter.ts";

/** What a recorder is made of. */
export interface StreamRecorderParts {
  /** Begins the file; undefined: it becomes a blob. */
  readonly openSink: (() => Promise<RecordingSink>) | undefined;
  readonly header: Uint8Array;
  readonly startLine: ReceiptLine;
  readonly filter: WordFilter;
  readonly wordBytes: number;
  readonly accountOf: (tell: (line: ReceiptLine) => void) => Account;
  readonly bufferBytes: number;
  /** The most bytes of the file; `Infinity` where there is no limit. */
  readonly maximumBytes: number;
  /** How long it takes; `Infinity` where there is no limit. */
  readonly maximumMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called once, when nothing is taken in any more. */
  readonly onStop: (recorder: WebTap) => void;
  /** Kept from the garbage collector until the recording has ended. */
  readonly holds: unknown;
}

/** Why a recording ends with its stream. */
const reasons: Readonly<Record<QueueEnd, RecordingEndReason>> = {
  close: "closed",
  disconnected: "disconnected",
  io: "io",
};

/** In a longer pause the sensor's time counter may wrap unseen, µs. */
const longestPauseUs = 2 ** 23;

/** Writes what a stream receives. The file's bytes come first, then the line of the receipt that tells of them. */
export class StreamRecorder implements WebRecorder, WebTap {
  readonly finished: Promise<WebRecordingResult>;
  readonly #parts: StreamRecorderParts;
  readonly #queue: ChunkQueue;
  readonly #account: Account;
  readonly #receipt = new BlobSink();
  readonly #blob: BlobSink | undefined;
  readonly #startedMs = performance.now();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onAbort = () => this.#end("signal");
  #position = 0;
  /** Of the filter, when the last chunk was written. */
  #skippedBytes = 0;
  #waitingBytes = 0;
  #endedMs: number | undefined;
  #reason: RecordingEndReason | undefined;
  #error: NeuromorphicError | undefined;
  /** Losses that were met, and are to be told before the next byte of the file. */
  readonly #missing = new Map<MissingPart["cause"], MissingPart>();
  /** The file has all that it shall have; what comes later is not missing there. */
  #isFull = false;

  constructor(parts: StreamRecorderParts) {
    this.#parts = parts;
    this.#queue = new ChunkQueue(parts.bufferBytes);
    this.#blob = parts.openSink === undefined ? new BlobSink() : undefined;
    this.#account = parts.accountOf((line) => this.#tell(line));
    this.#tell(parts.startLine);
    const { signal, maximumMs } = parts;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (maximumMs < 2 ** 31) this.#timer = setTimeout(() => this.#end("time"), maximumMs);
    this.finished = this.#run();
  }

  get statistics(): RecorderStatistics {
    const queue = this.#queue;
    const seconds = ((this.#endedMs ?? performance.now()) - this.#startedMs) / 1000;
    return {
      bytes: this.#position,
      seconds,
      bytesPerSecond: seconds > 0 ? this.#position / seconds : 0,
      countedBytes: this.#position,
      polarityEvents: this.#account.polarityEvents,
      triggerEvents: this.#account.triggerEvents,
      currentTime: this.#account.currentTime,
      gaps: this.#account.gaps,
      droppedTransfers: queue.droppedTransfers,
      droppedBytes: queue.droppedBytes,
      skippedBytes: this.#skippedBytes,
      queuedBytes: queue.bytes + this.#waitingBytes,
      reason: this.#endedMs === undefined ? undefined : this.#reason,
    };
  }

  stop(): Promise<WebRecordingResult> {
    this.#end("stopped");
    return this.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  take(bytes: Uint8Array, nowMs: number): void {
    // A timer may be late, in a page that is not seen by much.
    if (nowMs - this.#startedMs >= this.#parts.maximumMs) return this.#end("time");
    this.#queue.push(bytes, nowMs);
  }

  lose(bytes: number): void {
    this.#queue.lose("usb", bytes);
  }

  finish(reason: QueueEnd): void {
    this.#end(reasons[reason]);
  }

  /** Takes nothing in any more. What waits is still written. The first reason stays. */
  #end(reason: RecordingEndReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    clearTimeout(this.#timer);
    this.#parts.signal?.removeEventListener("abort", this.#onAbort);
    this.#parts.onStop(this);
    this.#queue.wake();
  }

  async #run(): Promise<WebRecordingResult> {
    let sink: RecordingSink | undefined;
    try {
      sink = this.#blob ?? await this.#parts.openSink!();
      await sink.write(this.#parts.header);
      this.#position = this.#parts.header.length;
      this.#account.addHeader(this.#parts.header);
      await this.#writeAll(sink);
    } catch (error) {
      this.#fail(error);
    }
    await sink?.close().catch((error) => this.#fail(error));
    this.#queue.abandon();
    if (!this.#isFull) this.#meet(this.#queue.takeLost(0));
    this.#tellMissing();
    this.#endedMs = performance.now();
    this.#account.finish({ reason: this.#reason!, endedMs: Date.now() });
    return {
      ...this.statistics,
      reason: this.#reason!,
      file: this.#blob?.blob,
      receipt: this.#receipt.blob,
      error: this.#error,
    };
  }

  async #writeAll(sink: RecordingSink): Promise<void> {
    while (this.#error === undefined) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) await this.#write(chunk, sink);
      else if (this.#reason === undefined) await this.#queue.wait();
      else return;
    }
  }

  /** Appends the words that the chunk ends. */
  async #write(chunk: Chunk, sink: RecordingSink): Promise<void> {
    const { filter, maximumBytes, wordBytes } = this.#parts;
    const isLoss = chunk.missing.length > 0;
    if (isLoss) filter.lose();
    const words = filter.take(chunk.bytes);
    const room = maximumBytes - this.#position;
    const kept = words.length <= room ? words : words.subarray(0, room - room % wordBytes);
    if (kept.length > 0) await sink.write(kept);
    this.#position += kept.length;
    this.#queue.settle(chunk);
    this.#skippedBytes = filter.skippedBytes;
    this.#waitingBytes = filter.waitingBytes;
    if (isLoss) this.#account.lose(chunk.silenceUs);
    else if (chunk.silenceUs > longestPauseUs) this.#account.pause(chunk.silenceUs);
    this.#meet(chunk.missing);
    if (kept.length > 0) {
      this.#tellMissing();
      this.#account.add(kept);
    }
    if (kept.length < words.length || maximumBytes - this.#position < wordBytes) this.#full();
  }

  #meet(parts: readonly MissingPart[]): void {
    for (const part of parts) {
      const known = this.#missing.get(part.cause);
      this.#missing.set(part.cause, {
        cause: part.cause,
        droppedTransfers: part.droppedTransfers + (known?.droppedTransfers ?? 0),
        droppedBytes: part.droppedBytes + (known?.droppedBytes ?? 0),
        silenceUs: part.silenceUs + (known?.silenceUs ?? 0),
      });
    }
  }

  #tellMissing(): void {
    for (const missing of this.#missing.values()) this.#account.addMissing(missing);
    this.#missing.clear();
  }

  /** The file has reached its size: what waits is not for it. */
  #full(): void {
    this.#isFull = true;
    this.#end("size");
    this.#queue.clear();
  }

  #fail(cause: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = targetError(cause, this.#position);
    this.#end(this.#error.code === "no-space" ? "no-space" : "io");
    // The target's failure tells more than what ended the recording before.
    this.#reason = this.#error.code === "no-space" ? "no-space" : "io";
  }

  #tell(line: ReceiptLine): void {
    void this.#receipt.write(new TextEncoder().encode(formatReceiptLine(line)));
  }
}

showAs(StreamRecorder, "WebRecorder", ({ statistics: { bytes, droppedBytes, reason } }) => ({
  bytes,
  droppedBytes,
  reason,
}));
