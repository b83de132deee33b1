import type { UsbHandle } from "../usb/usb_handle.ts";
import type { CameraDriver } from "../cameras/driver.ts";
import type { DriverCandidate } from "../cameras/registry.ts";
import { runSync } from "../protocol/run.ts";
import { realSettling } from "../usb/settling.ts";

/** What finding a camera needs of a USB device; a `UsbDevice` is one, and so is what tests make up. */
export interface BusDevice<Handle extends UsbHandle = UsbHandle> {
  readonly vendorId: number;
  readonly productId: number;
  /** Number of the USB bus. */
  readonly bus: number;
  /** Address on the bus; another one after each plugging in. */
  readonly address: number;
  /** Opens the device, which messages call by the description; throws a `NeuromorphicError`. */
  open(description: string): Handle;
}

/** A device that was opened, claimed, and found to be a camera. */
export interface IdentifiedCamera<Handle extends UsbHandle = UsbHandle> {
  /** To be closed by whoever gets it. */
  readonly handle: Handle;
  readonly driver: CameraDriver;
  /** The product that has its ids, for example `"CenturyArks SilkyEvCam HD"`. */
  readonly name: string;
  readonly serial: string;
}

/**
 * Opens a device and asks it who it is. Undefined when it is none of the candidates' cameras; the device is closed
 * then, as it is when this throws (a `NeuromorphicError`).
 */
export function identify<Handle extends UsbHandle>(
  device: BusDevice<Handle>,
  candidates: readonly DriverCandidate[],
): IdentifiedCamera<Handle> | undefined {
  const handle = device.open(describeDevice(device, candidates));
  try {
    for (const { driver, usbId: { name } } of candidates) {
      const serial = claimCamera(handle, driver);
      if (serial !== undefined) return { handle, driver, name, serial };
    }
  } catch (error) {
    handle.close();
    throw error;
  }
  handle.close();
  return undefined;
}

/** What messages call a device, for example `"Prophesee EVK4 (bus 2, address 7)"`, with the serial where known. */
export function describeDevice(
  { bus, address }: BusDevice,
  candidates: readonly DriverCandidate[],
  serial?: string,
): string {
  const name = candidates[0]!.usbId.name;
  const place = `(bus ${bus}, address ${address})`;
  return serial === undefined ? `${name} ${place}` : `${name} ${serial} ${place}`;
}

/** Claims the driver's interface and reads the serial; undefined when another device answers. */
export function claimCamera(handle: UsbHandle, driver: CameraDriver): string | undefined {
  // A kernel driver on the interface would make the claim fail.
  handle.autoDetachKernelDriver();
  handle.claimInterface(driver.interfaceNumber);
  return runSync(driver.identify(), { bus: handle, settling: realSettling })?.serial;
}

/** Serials are hexadecimal: `00050abc` and `00050ABC` are the same camera. */
export function sameSerial(first: string, second: string): boolean {
  return first.toUpperCase() === second.toUpperCase();
}
