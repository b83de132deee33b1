/** Errors as they cross from a server to its page, and from a Worker to its page. */

import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import type { WireError } from "./wire.ts";

/** An error for the page. */
export function wireErrorOf(error: unknown): WireError {
  if (error instanceof NeuromorphicError) {
    const { name, message, code, operation, device } = error;
    return { name, message, code, operation, device };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

/** An error as it was before it crossed. One without a code was none of the library's: `codeOfOthers`. */
export function errorOf({ name, message, code, operation, device }: WireError, codeOfOthers?: ErrorCode): Error {
  if (name === "TypeError") return new TypeError(message);
  if (name === "RangeError") return new RangeError(message);
  const given = (code ?? codeOfOthers) as ErrorCode | undefined;
  if (given === undefined) return new Error(message);
  const details = { ...(operation === undefined ? {} : { operation }), ...(device === undefined ? {} : { device }) };
  return new NeuromorphicError(given, message, details);
}
