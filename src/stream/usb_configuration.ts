import { boolean, object, outOfRange, wholeNumber } from "../checks.ts";
import { deviceError, type NeuromorphicError } from "../errors.ts";

/** How raw bytes travel from the bus to the program. */
export interface UsbConfiguration {
  /**
   * Bytes of one USB transfer, and so the most that a raw packet has: from 1024 to 67,108,864, a multiple of 1024 (the
   * packet size of USB 3, and twice that of USB 2). Default 131,072.
   */
  readonly bufferBytes: number;
  /**
   * Slots of the ring; the bytes that can wait for the program are about `ringLength * bufferBytes`. That is address
   * space, which may be more than the system's memory; memory is used as far as a backlog needs it. More than
   * `transferQueueLength`, at most 1,048,576. Default 4096 (512 MiB).
   */
  readonly ringLength: number;
  /**
   * Transfers that wait on the bus at any time, from 1 to 1024. Linux limits `transferQueueLength * bufferBytes` for all
   * devices together (`usbfs_memory_mb`, 16 MiB unless changed). Default 32.
   */
  readonly transferQueueLength: number;
  /**
   * Ask the kernel for memory that the USB controller writes to directly, slot by slot. Linux takes it from the same
   * limit for all devices together; room for the transfers of this device is left. Default false.
   */
  readonly allowDma: boolean;
}

/** What {@link UsbConfiguration} is unless something else is asked for. */
export const defaultUsbConfiguration: UsbConfiguration = {
  bufferBytes: 131_072,
  ringLength: 4096,
  transferQueueLength: 32,
  allowDma: false,
};

/** Parts of a {@link UsbConfiguration}: what is not named is the default. */
export type UsbConfigurationChanges = {
  readonly [Name in keyof UsbConfiguration]?: UsbConfiguration[Name] | undefined;
};

const checkChanges = object<UsbConfigurationChanges>({
  bufferBytes: wholeNumber(1024, 64 << 20),
  ringLength: wholeNumber(1, 1 << 20),
  transferQueueLength: wholeNumber(1, 1024),
  allowDma: boolean,
});

/**
 * Completes a configuration with the defaults and checks it.
 *
 * @throws {TypeError} for an unknown name or a value of the wrong type.
 * @throws {RangeError} for a value out of its range.
 */
export function completeUsbConfiguration(given: unknown, name = "usbConfiguration"): UsbConfiguration {
  const complete = { ...defaultUsbConfiguration, ...checkChanges(given, name) } as UsbConfiguration;
  const { bufferBytes, ringLength, transferQueueLength } = complete;
  if (bufferBytes % 1024 !== 0) throw outOfRange(`${name}.bufferBytes`, "a multiple of 1024", bufferBytes);
  if (ringLength <= transferQueueLength) {
    throw outOfRange(`${name}.ringLength`, `greater than transferQueueLength (${transferQueueLength})`, ringLength);
  }
  return complete;
}

/** What it means to the caller that there is no memory for the ring. */
export function memoryFailure(configuration: UsbConfiguration, device: string): NeuromorphicError {
  const { bufferBytes, ringLength } = configuration;
  const mebibytes = Math.ceil(bufferBytes * ringLength / 2 ** 20);
  return deviceError(
    "io",
    `the system reserves no memory for a ring of ${mebibytes} MiB (usbConfiguration.ringLength ${ringLength} * ` +
      `bufferBytes ${bufferBytes}); ask for less, or see the limits of the process (ulimit -v) and of the system ` +
      "(on Linux vm.overcommit_memory)",
    { operation: "start stream", device },
  );
}
