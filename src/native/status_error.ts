import { statuses } from "../../ffi/abi.ts";
import { deviceError, type ErrorCode, NeuromorphicError } from "../errors.ts";

type StatusName = keyof typeof statuses;

/** What failures of native calls mean to a program. Those of "native-library" are mistakes of this library. */
const failures: Readonly<Partial<Record<StatusName, readonly [ErrorCode, string]>>> = {
  invalid_handle: ["closed", "what this works on is closed"],
  invalid_argument: ["native-library", "the native library refuses an argument"],
  out_of_memory: ["io", "the system has no memory left"],
  buffer_too_small: ["native-library", "a buffer is too small for one item"],
  libusb_unavailable: ["native-library", "the native library cannot use the libusb that is loaded"],
  thread_unavailable: [
    "io",
    "the system starts no further thread: too many run, or memory is short (on Linux see ulimit -u, and a container's pids.max)",
  ],
  submit_failed: ["io", "libusb refuses transfers"],
  unsupported: ["unsupported", "not possible on this system"],
  busy: ["busy", "another call on the same object is under way"],
  too_many: ["unsupported", "too many are open"],
  file_refused: ["io", "a file could not be made"],
};

/** Returns a status of zero and above; a failure becomes an error that names the operation, and the device where there is one. */
export function checkStatus(status: number, operation: string, device?: string): number {
  if (status >= 0) return status;
  throw statusError(status, operation, device);
}

/** The error of a status below zero. */
export function statusError(status: number, operation: string, device?: string): NeuromorphicError {
  const name = statusName(status);
  const [code, meaning] = failures[name as StatusName] ?? ["native-library", "the native library failed"];
  const what = `${meaning} (${name})`;
  if (device !== undefined) return deviceError(code, what, { operation, device });
  return new NeuromorphicError(code, `${operation}: ${what}`, { operation });
}

function statusName(status: number): string {
  const known = Object.entries(statuses).find(([, value]) => value === status);
  return known?.[0] ?? `status ${status}`;
}
