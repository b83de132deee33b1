import type { ErrorCode, NeuromorphicError } from "../errors.ts";
import { recordingError, type RecordingOperation } from "./errors.ts";

/** Codes of the system's errors with files, and what they mean. All others are "io". */
const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: "file-not-found",
  ENOTDIR: "file-not-found",
  EEXIST: "file-exists",
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  EFBIG: "no-space",
  EACCES: "permission-denied",
  EPERM: "permission-denied",
  EROFS: "permission-denied",
};

/** What to say of them, where the system's words are not enough. */
const words: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "is a folder",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EFBIG: "a file cannot become larger here",
  EACCES: "the system refuses access",
  EPERM: "the system refuses access",
  EROFS: "the disk can only be read",
};

/** The system's code of an error, such as `"ENOENT"`. The sandbox of Deno has errors without one. */
export function systemCode(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === "string" && /^E[A-Z]/.test(code)) return code;
  return name === "NotCapable" || name === "PermissionDenied" ? "EACCES" : "";
}

/** The error of an operation on a file that the system refused. */
export function fileError(error: unknown, operation: Omit<RecordingOperation, "cause">): NeuromorphicError {
  const code = systemCode(error);
  const what = (error as Error).name === "NotCapable"
    ? `Deno does not allow to write it: run with ${flagsFor(operation.path)}`
    : words[code] ?? `the system says: ${(error as Error).message}`;
  return recordingError(codes[code] ?? "io", what, { ...operation, cause: error });
}

/** A file has another name in its folder until it is complete, so the folder is what Deno must allow. */
function flagsFor(path: string): string {
  const folder = path.replace(/[^/\\]*$/, "") || ".";
  return `--allow-read=${folder} --allow-write=${folder}`;
}
