/** What a protocol does about failures, and how its errors are made. */

import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";

/** An error of a protocol. A protocol does not know what its device is called: the runner adds that. */
export function protocolError(code: ErrorCode, operation: string, what: string): NeuromorphicError {
  return new NeuromorphicError(code, `${operation}: ${what}`, { operation });
}

/** A bus knows the transfer that failed, but not what it was for: the same error, with the operation's name. */
export function failureOf(operation: string, error: NeuromorphicError): NeuromorphicError {
  const prefix = `${error.device}: `;
  const what = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
  return new NeuromorphicError(error.code, `${operation}: ${what}`, { operation, cause: error });
}

/** The same error, which says something more. */
export function addNote(error: NeuromorphicError, note: string): NeuromorphicError {
  const { code, message, operation } = error;
  return new NeuromorphicError(code, `${message}; ${note}`, {
    cause: error,
    ...(operation === undefined ? {} : { operation }),
  });
}

/** An error as programs see it, with the device's name where it has none yet; other errors stay as they are. */
export function nameDevice(error: unknown, device: string): unknown {
  if (!(error instanceof NeuromorphicError) || error.device !== undefined) return error;
  const { code, message, operation, cause } = error;
  const named = new NeuromorphicError(code, `${device}: ${message}`, {
    device,
    cause,
    ...(operation === undefined ? {} : { operation }),
  });
  for (const marked of marks) if (marked.has(error)) marked.add(named);
  return named;
}

/** Whether the device is gone, so that it needs no undoing. */
export function isGone(error: unknown): boolean {
  return error instanceof NeuromorphicError && (error.code === "disconnected" || error.code === "closed");
}

/** Errors with a mark. Marks stand beside the errors, as a property of an error is printed with it. */
type Marked = WeakSet<Error>;

const lackingMemory: Marked = new WeakSet();
const untried: Marked = new WeakSet();
const refused: Marked = new WeakSet();
const ahead: Marked = new WeakSet();
const marks: readonly Marked[] = [lackingMemory, untried, refused, ahead];

/** Marks the error of a transfer for which the system had no memory; the device is well. */
export function markLackOfMemory<Failure extends Error>(error: Failure): Failure {
  lackingMemory.add(error);
  return error;
}

/** Whether a transfer failed, or caused the failure, because the system had no memory for it; the device is well. */
export function lacksMemory(error: unknown): boolean {
  return isMarked(error, lackingMemory);
}

/** Marks the error of a request that the camera refused: it did nothing. */
export function markRefusal<Failure extends Error>(error: Failure): Failure {
  refused.add(error);
  return error;
}

/** Whether the camera refused a request, so that nothing has changed by it. */
export function isRefused(error: unknown): boolean {
  return isMarked(error, refused);
}

/** Marks the error of a request that was not alone on its way: a device may not take requests ahead of its replies. */
export function markAhead(error: unknown): unknown {
  if (error instanceof NeuromorphicError && !isGone(error)) ahead.add(error);
  return error;
}

/** Whether a request failed, or caused the failure, that was not alone on its way. */
export function wasAhead(error: unknown): boolean {
  return isMarked(error, ahead);
}

/** The error of a transfer that was not tried, because a limit's time was over. */
export function untriedError(): NeuromorphicError {
  const error = protocolError("io", "transfer", "not tried, because there is no time left");
  untried.add(error);
  return error;
}

/** Whether a transfer was not tried, or caused the failure by that. */
export function isUntried(error: unknown): boolean {
  return isMarked(error, untried);
}

/** Whether an error, or what caused it, is marked. */
function isMarked(error: unknown, marked: Marked): boolean {
  return error instanceof Error && (marked.has(error) || isMarked(error.cause, marked));
}

/** Carries a protocol out; where it fails or is aborted, `undo` follows, unless the device is gone. */
export function* undoing<Result>(protocol: Protocol<Result>, undo: () => Protocol): Protocol<Result> {
  let toUndo = true;
  try {
    const result = yield* protocol;
    toUndo = false;
    return result;
  } catch (error) {
    toUndo = !isGone(error);
    throw error;
  } finally {
    if (toUndo) yield* undo();
  }
}
