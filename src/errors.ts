/** Codes of {@link NeuromorphicError}. */
export type ErrorCode =
  | "device-not-found"
  | "busy"
  | "permission-denied"
  | "disconnected"
  | "closed"
  | "unsupported"
  | "protocol"
  | "io"
  | "native-library"
  | "file-not-found"
  | "file-exists"
  | "no-space"
  | "damaged";

/** What else an error knows. */
export interface ErrorDetails {
  /** What was being done, for example `"open"` or `"write register 0x9008"`. */
  readonly operation?: string;
  /** The device concerned, for example `"Prophesee EVK4 00050ABC"`. */
  readonly device?: string;
  /** The file concerned, or what else a recording was read from or written to, for example `"stream"`. */
  readonly path?: string;
  /** Where in the file, in bytes from its beginning. */
  readonly offset?: number;
  /** What caused it. */
  readonly cause?: unknown;
}

/**
 * An operation failed. What the data itself does (drops, protocol violations, timeouts) never throws: it stands
 * in `status`. A caller's mistake is a `TypeError` or a `RangeError`.
 *
 * | code                 | meaning                                                                 |
 * | -------------------- | ----------------------------------------------------------------------- |
 * | `device-not-found`   | no camera, or none with the wanted serial                               |
 * | `busy`               | another program, or another `open`, uses the camera; a file is recorded |
 * | `permission-denied`  | the system, or the runtime's sandbox, refuses access                    |
 * | `disconnected`       | the camera was unplugged                                                |
 * | `closed`             | the device was closed before                                            |
 * | `unsupported`        | this device, system or library cannot do it                             |
 * | `protocol`           | the camera answered something else than its protocol says              |
 * | `io`                 | USB transfers fail, or reading and writing a file                       |
 * | `native-library`     | libusb or the native library is missing, or does not fit                |
 * | `file-not-found`     | there is no such file or folder                                         |
 * | `file-exists`        | the file is there already, and was not to be overwritten                |
 * | `no-space`           | the disk is full, or a quota or a limit of size is reached              |
 * | `damaged`            | a file is not what its format says; `offset` tells where                |
 *
 * @example
 * ```ts
 * import { NeuromorphicError, open } from "@neuromorphic/drivers";
 *
 * try {
 *   await open({ libusb: "virtual", serial: "no such serial" });
 * } catch (error) {
 *   if (!(error instanceof NeuromorphicError)) throw error;
 *   console.log(error.code); // "device-not-found"
 * }
 * ```
 */
export class NeuromorphicError extends Error {
  /** What kind of failure this is. */
  readonly code: ErrorCode;
  /** What was being done. */
  readonly operation: string | undefined;
  /** The device concerned. */
  readonly device: string | undefined;
  /** The file concerned; undefined where there is none. */
  declare readonly path: string | undefined;
  /** Where in the file, in bytes from its beginning; undefined where no place is known. */
  declare readonly offset: number | undefined;

  /** Makes an error; the library throws it, programs catch it. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "NeuromorphicError";
    this.code = code;
    this.operation = details.operation;
    this.device = details.device;
    // Errors of devices have no file, and are printed without one.
    if (details.path !== undefined) this.path = details.path;
    if (details.offset !== undefined) this.offset = details.offset;
  }
}

/** Where an operation on a device failed. */
export interface DeviceOperation {
  readonly operation: string;
  /** What messages call the device, for example `"Prophesee EVK4 00050ABC (bus 2, address 7)"`. */
  readonly device: string;
  readonly cause?: unknown;
}

/** The error of an operation on a device: `DEVICE: OPERATION: WHAT`. With several cameras, messages tell which one. */
export function deviceError(code: ErrorCode, what: string, details: DeviceOperation): NeuromorphicError {
  return new NeuromorphicError(code, `${details.device}: ${details.operation}: ${what}`, details);
}
