import type { EventFormat } from "../decoder/decoder.ts";
import { formatNumber } from "../decoder/decoder_handle.ts";
import type { ErrorCode, NeuromorphicError } from "../errors.ts";
import {
  blockIndex,
  blockLength,
  cString,
  fileFailures,
  isPermitted,
  loadNative,
  type Native,
  recordingEnds,
  statuses,
} from "../native/native.ts";
import type { Geometry } from "../types.ts";
import { recordingError } from "./errors.ts";
import type { RecordingEndReason } from "./receipt.ts";

/** What a recorder writes, and where to. */
export interface NativeRecorderOptions {
  readonly path: string;
  readonly receiptPath: string;
  /** The file's first bytes. */
  readonly header: Uint8Array;
  /** The receipt's first line. */
  readonly startLine: Uint8Array;
  readonly overwrite: boolean;
  readonly format: EventFormat;
  readonly geometry: Geometry;
  readonly bufferBytes: number;
  /** 0 = no limit. */
  readonly maximumBytes: number;
  /** 0 = no limit. */
  readonly maximumMs: number;
}

/** What a recorder has written. */
export interface NativeRecorderStatistics {
  readonly bytes: number;
  readonly countedBytes: number;
  readonly polarityEvents: number;
  readonly triggerEvents: number;
  readonly gaps: number;
  readonly droppedTransfers: number;
  readonly droppedBytes: number;
  readonly skippedBytes: number;
  readonly queuedBytes: number;
  readonly currentTime: number | undefined;
  readonly seconds: number;
  /** Whether the file is complete: what is left then is counting. */
  readonly isWritten: boolean;
  /** Undefined until all is written and counted. */
  readonly reason: RecordingEndReason | undefined;
  /** Why writing failed. */
  readonly error: NeuromorphicError | undefined;
}

const optionsIndex = blockIndex("recorder_options");
const openedIndex = blockIndex("recorder_opened");
const statisticsIndex = blockIndex("recorder_statistics");

/** Why a file fails, to a program. */
const failures: Readonly<Record<(typeof fileFailures)[number], readonly [ErrorCode, string]>> = {
  none: ["io", "writing failed"],
  exists: ["file-exists", "the file exists; another path, or the option force, which overwrites it"],
  not_found: ["file-not-found", "a folder of the path does not exist"],
  denied: ["permission-denied", "the system does not let this user write here"],
  folder: ["io", "the path is that of a folder, or goes through a file"],
  no_space: ["no-space", "the disk is full, or a quota or a limit of size is reached"],
  io: ["io", "writing failed"],
  in_use: ["busy", "another recorder writes this file; end it, or choose another path"],
  unreadable: ["io", "what was written cannot be read back, so its receipt has no end"],
};

/** A recorder in the native library: its thread writes what the stream receives. */
export class NativeRecorder {
  readonly #native: Native;
  readonly #options: NativeRecorderOptions;
  readonly #handle: number;
  /** What it had written at its end. */
  #last: NativeRecorderStatistics | undefined;

  /**
   * Makes both files and begins.
   *
   * @throws {NeuromorphicError} "busy", "file-exists", "file-not-found", "permission-denied", "no-space", "io"; "unsupported"
   * where 64 recorders run.
   */
  constructor(native: Native, stream: number, options: NativeRecorderOptions) {
    this.#native = native;
    this.#options = options;
    const { path, receiptPath, header, startLine, geometry } = options;
    checkPermission([path, receiptPath]);
    const block = new Float64Array(blockLength("recorder_options"));
    block[optionsIndex.format] = formatNumber(options.format);
    block[optionsIndex.width] = geometry.width;
    block[optionsIndex.height] = geometry.height;
    block[optionsIndex.overwrite] = options.overwrite ? 1 : 0;
    block[optionsIndex.buffer_length] = options.bufferBytes;
    block[optionsIndex.maximum_bytes] = options.maximumBytes;
    block[optionsIndex.maximum_ms] = options.maximumMs;
    const opened = new Float64Array(blockLength("recorder_opened"));
    const status = native.symbols.nd_recorder_open(
      stream,
      cString(path),
      cString(receiptPath),
      header,
      header.length,
      startLine,
      startLine.length,
      block,
      opened,
    );
    if (status === statuses.file_refused) {
      const refused = opened[openedIndex.is_receipt] === 0 ? path : receiptPath;
      throw fileError(refused, opened[openedIndex.failure]!, opened[openedIndex.system_error]!);
    }
    native.check(status, "record");
    this.#handle = opened[openedIndex.handle]!;
  }

  /** Read now; after the end, that of the end. */
  statistics(): NativeRecorderStatistics {
    if (this.#last !== undefined) return this.#last;
    const block = new Float64Array(blockLength("recorder_statistics"));
    this.#native.check(this.#native.symbols.nd_recorder_statistics(this.#handle, block), "read statistics");
    const at = (field: keyof typeof statisticsIndex): number => block[statisticsIndex[field]]!;
    const end = recordingEnds[at("end")]!;
    const currentTime = at("current_time");
    return {
      bytes: at("bytes"),
      countedBytes: at("counted_bytes"),
      polarityEvents: at("polarity_events"),
      triggerEvents: at("trigger_events"),
      gaps: at("gaps"),
      droppedTransfers: at("dropped_transfers"),
      droppedBytes: at("dropped_bytes"),
      skippedBytes: at("skipped_bytes"),
      queuedBytes: at("queued_bytes"),
      currentTime: Number.isNaN(currentTime) ? undefined : currentTime,
      seconds: at("elapsed_ms") / 1000,
      isWritten: at("is_written") === 1,
      reason: end === "running" ? undefined : end === "no_space" ? "no-space" : end,
      error: at("failure") === 0
        ? undefined
        : fileError(this.#options.path, at("failure"), at("system_error"), at("bytes")),
    };
  }

  /** Takes nothing in any more. What waits is still written. The first reason stays. */
  stop(reason: RecordingEndReason): void {
    const end = recordingEnds.indexOf(reason === "no-space" ? "no_space" : reason);
    if (this.#last === undefined) this.#native.symbols.nd_recorder_stop(this.#handle, end);
  }

  /** Whether all is written and counted; blocks until then, but not longer than the time. */
  wait(timeoutMs: number): boolean {
    return this.#last !== undefined ||
      this.#native.symbols.nd_recorder_wait(this.#handle, timeoutMs) === statuses.ok;
  }

  /** Loses what waits, so that the end comes soon. */
  abandon(): void {
    if (this.#last === undefined) this.#native.symbols.nd_recorder_abandon(this.#handle);
  }

  /** Frees the recorder. What is not written yet is lost. */
  close(): void {
    if (this.#last !== undefined) return;
    const last = this.statistics();
    this.#last = last.reason === undefined ? { ...last, reason: "io", error: this.#hangs(last.bytes) } : last;
    this.#native.symbols.nd_recorder_close(this.#handle);
  }

  #hangs(offset: number): NeuromorphicError {
    const what = "the disk has not taken all in time; the end of the file and of its receipt may be missing";
    return recordingError("io", what, { operation: "record", path: this.#options.path, offset });
  }
}

/** Whether a recorder, of this program or another one, still writes a receipt. */
export async function isRecording(receiptPath: string): Promise<boolean> {
  const { symbols } = await loadNative();
  return symbols.nd_recorder_find(cString(receiptPath)) === statuses.busy;
}

/** The native library asks no sandbox, so this does: Deno's, where it has one. */
function checkPermission(paths: readonly string[]): void {
  const refused = paths.filter((path) => !isPermitted({ name: "write", path }));
  if (refused.length === 0) return;
  throw recordingError("permission-denied", `run Deno with --allow-write=${paths.join(",")}`, {
    operation: "record",
    path: refused[0]!,
  });
}

function fileError(path: string, failure: number, systemError: number, offset?: number): NeuromorphicError {
  const [code, meaning] = failures[fileFailures[failure] ?? "io"];
  return recordingError(code, `${meaning} (system error ${systemError})`, { operation: "record", path, offset });
}
