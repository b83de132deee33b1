import type { NeuromorphicError } from "../../errors.ts";
import { recordingError, type RecordingOperation } from "../errors.ts";

/** Bytes are not what their format says. It knows no file: the reader that was given the bytes makes an error of it. */
export class Malformed extends Error {
  /** "damaged": no program can read this. "unsupported": this one cannot. */
  readonly code: "damaged" | "unsupported";

  constructor(what: string, code: "damaged" | "unsupported" = "damaged") {
    super(what);
    this.name = "Malformed";
    this.code = code;
  }
}

/**
 * The error of a recording for what reading a part of it threw: {@link Malformed}, or a RangeError of a `DataView`, which
 * means that the part refers to bytes behind its end. Other errors are returned as they are.
 */
export function readingError(error: unknown, part: string, where: RecordingOperation): NeuromorphicError | unknown {
  if (error instanceof Malformed) return recordingError(error.code, `${part}: ${error.message}`, where);
  if (error instanceof RangeError) {
    return recordingError("damaged", `${part} refers to bytes behind its end`, { ...where, cause: error });
  }
  return error;
}
