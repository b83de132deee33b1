import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import { recordingError, type RecordingOperation } from "./errors.ts";

/** What a system's error code means, as it is told. */
const failures: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ["file-not-found", "there is no such file"],
  ENOTDIR: ["file-not-found", "a part of the path is not a folder"],
  ENAMETOOLONG: ["file-not-found", "the name is too long"],
  EACCES: ["permission-denied", "the system does not allow to read it"],
  EPERM: ["permission-denied", "the system does not allow to read it"],
  EISDIR: ["unsupported", "is a folder, not a file"],
  EMFILE: ["io", "the process has too many files open"],
};

/** The error of reading a file, by what the runtime threw; one that is told already stays. */
export function readError(cause: unknown, operation: Omit<RecordingOperation, "cause">): Error {
  if (cause instanceof NeuromorphicError) return cause;
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  if (name === "NotCapable") {
    const flag = `--allow-read=${operation.path}`;
    return recordingError("permission-denied", `Deno does not allow to read it: run with ${flag}`, {
      ...operation,
      cause,
    });
  }
  const systemCode = (cause as { readonly code?: unknown } | undefined)?.code;
  const [code, what] = failures[String(systemCode)] ?? ["io", `cannot be read: ${message}`];
  return recordingError(code, what, { ...operation, cause });
}
