import { type ErrorCode, NeuromorphicError } from "../errors.ts";

/** Where an operation on a recording failed. */
export interface RecordingOperation {
  readonly operation: string;
  /** What the recording is read from or written to: a path, `"blob"`, `"bytes"` or `"stream"`. */
  readonly path: string;
  /** Where in it, in bytes from the beginning, where that is known. */
  readonly offset?: number | undefined;
  readonly cause?: unknown;
}

/** The error of an operation on a recording: `PATH: WHAT (byte OFFSET)`. */
export function recordingError(code: ErrorCode, what: string, operation: RecordingOperation): NeuromorphicError {
  const { path, offset, operation: name, cause } = operation;
  const place = offset === undefined ? "" : ` (byte ${offset})`;
  return new NeuromorphicError(code, `${path}: ${what}${place}`, {
    operation: name,
    path,
    ...(offset === undefined ? {} : { offset }),
    ...(cause === undefined ? {} : { cause }),
  });
}
