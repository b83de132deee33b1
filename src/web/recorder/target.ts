/** Where a recording in a page goes to. */

import { type Check, wrongKind } from "../../checks.ts";
import type { NeuromorphicError } from "../../errors.ts";
import { recordingError } from "../../recording/errors.ts";
import { nameOf } from "../usb_errors.ts";
import type { WebRecordTarget, WritableFile } from "../web_recorder.ts";

/** A file that grows. */
export interface RecordingSink {
  /** Appends bytes. They may be changed as soon as this has resolved. Rejects where they are not written. */
  write(bytes: Uint8Array): Promise<void>;
  /** Completes the file. */
  close(): Promise<void>;
}

/** A stream, a handle of a file, or nothing. */
export const checkTarget: Check<WebRecordTarget> = (value, name) => {
  if (value instanceof WritableStream && !value.locked) return value;
  if (isFile(value)) return value;
  throw wrongKind(name, "a FileSystemFileHandle, or a WritableStream that has no writer", value);
};

function isFile(value: unknown): value is WritableFile {
  return typeof value === "object" && value !== null && "createWritable" in value &&
    typeof value.createWritable === "function";
}

/** Begins the file. */
export async function openTarget(target: WebRecordTarget): Promise<RecordingSink> {
  const stream = isFile(target) ? await target.createWritable() : target;
  const writer = stream.getWriter();
  // An error is told by the write or the close that meets it.
  writer.closed.catch(() => {});
  return {
    // What the stream leads to may keep the bytes longer than until it has taken them.
    write: (bytes) => writer.write(bytes.slice()),
    close: () => writer.close(),
  };
}

/** Bytes of a blob that are put together: a browser may keep blobs on the disk, but not arrays. */
const partBytes = 8 << 20;

/** A file that becomes a `Blob`. */
export class BlobSink implements RecordingSink {
  #whole = new Blob([]);
  #parts: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  write(bytes: Uint8Array): Promise<void> {
    this.#parts.push(bytes.slice());
    this.#bytes += bytes.length;
    if (this.#bytes >= partBytes) this.#gather();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#gather();
    return Promise.resolve();
  }

  /** What was written. */
  get blob(): Blob {
    this.#gather();
    return this.#whole;
  }

  #gather(): void {
    if (this.#parts.length === 0) return;
    this.#whole = new Blob([this.#whole, ...this.#parts], { type: "application/octet-stream" });
    this.#parts = [];
    this.#bytes = 0;
  }
}

/** Why a target does not take the bytes. */
export function targetError(cause: unknown, offset: number): NeuromorphicError {
  const operation = { operation: "record", path: "target", offset, cause };
  const name = nameOf(cause);
  if (name === "QuotaExceededError") {
    return recordingError("no-space", "the disk or the browser's quota is full", operation);
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  if (name === "NotAllowedError") {
    return recordingError("permission-denied", `the user does not allow it: ${text}`, operation);
  }
  return recordingError("io", `writing failed: ${text}`, operation);
}
