import { object, outOfRange, wholeNumber } from "../checks.ts";

/** How raw bytes travel from the bus to a page. */
export interface WebUsbConfiguration {
  /**
   * Bytes of one USB transfer, and so the most that a raw packet has: from 1024 to 33,554,432 (the browsers' limit), a
   * multiple of 1024. Default 131,072. Larger ones, such as 524,288, cost a slow machine less, but a system may not have the
   * memory for many of them.
   */
  readonly bufferBytes: number;
  /**
   * Raw packets that can be waiting or on their way: the bytes that can wait for the page are at most about
   * `ringLength * bufferBytes`. Memory is used as far as a backlog needs it. More than `transferQueueLength`, at most
   * 1,048,576. Default 1024 (128 MiB).
   */
  readonly ringLength: number;
  /**
   * Transfers that are queued in the browser at any time, from 1 to 1024. Linux limits `transferQueueLength * bufferBytes`
   * for all devices together (16 MiB unless changed). Default 32.
   */
  readonly transferQueueLength: number;
}

/** What {@link WebUsbConfiguration} is unless something else is asked for. */
export const defaultWebUsbConfiguration: WebUsbConfiguration = {
  bufferBytes: 131_072,
  ringLength: 1024,
  transferQueueLength: 32,
};

/** Parts of a {@link WebUsbConfiguration}: what is not named is the default. */
export type WebUsbConfigurationChanges = {
  readonly [Name in keyof WebUsbConfiguration]?: WebUsbConfiguration[Name] | undefined;
};

const checkChanges = object<WebUsbConfigurationChanges>({
  bufferBytes: wholeNumber(1024, 32 << 20),
  ringLength: wholeNumber(1, 1 << 20),
  transferQueueLength: wholeNumber(1, 1024),
});

/** Completes a configuration with the defaults. Throws a `TypeError` or a `RangeError` with name, value and range. */
export function completeWebUsbConfiguration(given: unknown, name = "usbConfiguration"): WebUsbConfiguration {
  const complete = { ...defaultWebUsbConfiguration, ...checkChanges(given, name) } as WebUsbConfiguration;
  const { bufferBytes, ringLength, transferQueueLength } = complete;
  if (bufferBytes % 1024 !== 0) throw outOfRange(`${name}.bufferBytes`, "a multiple of 1024", bufferBytes);
  if (ringLength <= transferQueueLength) {
    throw outOfRange(`${name}.ringLength`, `greater than transferQueueLength (${transferQueueLength})`, ringLength);
  }
  return complete;
}
