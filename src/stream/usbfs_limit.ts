/** How much memory the system grants to transfers, and what a program is told where that is too little. */

import { readFileSync } from "node:fs";
import { deviceError, type NeuromorphicError } from "../errors.ts";
import { isPermitted } from "../native/native.ts";
import type { UsbConfiguration } from "./usb_configuration.ts";

/**
 * Checks what the system grants to the transfers of all devices together; there is no limit where it is undefined.
 *
 * @throws {RangeError} for a queue larger than that.
 */
export function checkQueueLimit(
  { bufferBytes, transferQueueLength }: UsbConfiguration,
  limit: number | undefined,
): void {
  const queued = bufferBytes * transferQueueLength;
  if (limit === undefined || queued <= limit) return;
  throw new RangeError(
    `usbConfiguration.bufferBytes * transferQueueLength must be at most ${limit} bytes, not ${queued}: Linux ` +
      `grants no more to USB transfers; raise ${usbfsLimitPath} (in MiB, 0 = no limit) or queue less`,
  );
}

/** Where Linux tells how many MiB transfers may have; 0 = no limit. */
export const usbfsLimitPath = "/sys/module/usbcore/parameters/usbfs_memory_mb";

/** Linux's limit for queued transfers in bytes; undefined where there is none, or it cannot or must not be read. */
export function readUsbfsLimit(): number | undefined {
  if (!isPermitted({ name: "read", path: usbfsLimitPath })) return undefined;
  try {
    return parseUsbfsLimit(readFileSync(usbfsLimitPath, "utf8"));
  } catch {
    return undefined;
  }
}

/** Bytes of a limit as Linux tells it, in MiB; undefined where it says that there is none, or no number. */
export function parseUsbfsLimit(text: string): number | undefined {
  const mebibytes = Number(text);
  return mebibytes > 0 ? mebibytes * 2 ** 20 : undefined;
}

/** What libusb's refusal of the first transfers means to the caller. */
export function submitFailure(configuration: UsbConfiguration, device: string, libusbError: string): NeuromorphicError {
  const { bufferBytes, transferQueueLength } = configuration;
  return deviceError(
    "io",
    `libusb refused to queue transfers (${libusbError}); ${transferQueueLength} of ${bufferBytes} bytes were asked ` +
      `for, see ${usbfsLimitPath} for the system's limit`,
    { operation: "start stream", device },
  );
}
