import type { SyncBus } from "../protocol/bus.ts";

/**
 * An open USB device: the transfers of a {@link SyncBus}, and what it takes to begin and end with them.
 *
 * The implementation over libusb is `LibusbHandle`. The methods also throw "busy" and "permission-denied"; libusb's
 * name of the error is in the message.
 */
export interface UsbHandle extends SyncBus {
  /** What error messages call the device: a name by its ids at first, and with the serial when that is known. */
  description: string;
  /** Lets libusb take the interface from a kernel driver; systems without kernel drivers ignore it. */
  autoDetachKernelDriver(): void;
  /** Claims an interface; it is released by {@link close}. */
  claimInterface(number: number): void;
  /** Releases what was claimed and closes the device. Safe to call twice. */
  close(): void;
}
