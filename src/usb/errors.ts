import process from "node:process";
import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import { markLackOfMemory } from "../protocol/failures.ts";

/** enum libusb_error: its names, and what they mean to a program. */
const libusbErrors: Readonly<Record<number, readonly [string, ErrorCode, string]>> = {
  [-1]: ["LIBUSB_ERROR_IO", "io", "the transfer failed"],
  [-2]: ["LIBUSB_ERROR_INVALID_PARAM", "io", "libusb refuses a parameter"],
  [-3]: ["LIBUSB_ERROR_ACCESS", "permission-denied", "the system refuses access"],
  [-4]: ["LIBUSB_ERROR_NO_DEVICE", "disconnected", "the device is gone"],
  [-5]: ["LIBUSB_ERROR_NOT_FOUND", "unsupported", "the device has no such interface or endpoint"],
  [-6]: ["LIBUSB_ERROR_BUSY", "busy", "another program, or another open() of this one, uses the device"],
  [-7]: ["LIBUSB_ERROR_TIMEOUT", "io", "the device did not answer in time"],
  [-8]: ["LIBUSB_ERROR_OVERFLOW", "io", "the device sent more than was asked for"],
  [-9]: ["LIBUSB_ERROR_PIPE", "io", "the device refused the request or halted the endpoint (STALL)"],
  [-10]: ["LIBUSB_ERROR_INTERRUPTED", "io", "interrupted"],
  [-11]: [
    "LIBUSB_ERROR_NO_MEM",
    "io",
    "no memory left for transfers; Linux limits it by /sys/module/usbcore/parameters/usbfs_memory_mb",
  ],
  [-12]: ["LIBUSB_ERROR_NOT_SUPPORTED", "unsupported", "not supported on this system"],
  [-99]: ["LIBUSB_ERROR_OTHER", "io", "libusb failed"],
};

/** libusb's codes that are not failures everywhere. */
export const LIBUSB_ERROR_IO = -1;
export const LIBUSB_ERROR_ACCESS = -3;
export const LIBUSB_ERROR_NO_DEVICE = -4;
export const LIBUSB_ERROR_TIMEOUT = -7;
export const LIBUSB_ERROR_PIPE = -9;
export const LIBUSB_ERROR_NOT_SUPPORTED = -12;
const LIBUSB_ERROR_NO_MEM = -11;

/** What an error message tells of the call that failed. */
export interface LibusbCall {
  readonly operation: string;
  /** What messages call the device; undefined where no device is concerned. */
  readonly device: string | undefined;
}

/** libusb's own name of an error code, for example `"LIBUSB_ERROR_BUSY"`. */
export function libusbErrorName(code: number): string {
  return libusbErrors[code]?.[0] ?? `LIBUSB_ERROR ${code}`;
}

/** Returns a result of zero and above; throws the error that one below stands for. */
export function checkLibusb(result: number, call: LibusbCall): number {
  if (result >= 0) return result;
  throw libusbError(result, call);
}

/** The error that libusb's code stands for, with what to do about it where that depends on the system. */
export function libusbError(result: number, call: LibusbCall, platform: string = process.platform): NeuromorphicError {
  const { operation, device } = call;
  const [name, code, meaning] = libusbErrors[result] ?? [libusbErrorName(result), "io", "libusb failed"] as const;
  const subject = device === undefined ? operation : `${device}: ${operation}`;
  const remedy = remedies[code]?.[platform];
  const message = `${subject}: ${meaning} (${name})${remedy === undefined ? "" : `. ${remedy}`}`;
  const error = new NeuromorphicError(code, message, device === undefined ? { operation } : { operation, device });
  return result === LIBUSB_ERROR_NO_MEM ? markLackOfMemory(error) : error;
}

/** What a user can do, by code and platform. */
const remedies: Readonly<Partial<Record<ErrorCode, Readonly<Record<string, string>>>>> = {
  "permission-denied": {
    darwin: "Another program or a driver holds the camera: end it, or run as root",
    win32: "Another program holds the camera, or it lacks the WinUSB driver: install that with https://zadig.akeo.ie",
  },
  unsupported: {
    win32: "The camera lacks the WinUSB driver: install it with https://zadig.akeo.ie",
  },
};
