import type { CameraDriver, UsbId } from "./driver.ts";
import { propheseeEvk4 } from "./prophesee_evk4/driver.ts";

/** Every camera that the library knows. A new camera is a folder with a driver, and a line here. */
export const DRIVERS: readonly CameraDriver[] = [propheseeEvk4];

/** A driver that may fit a device, and the product that has the device's ids. */
export interface DriverCandidate {
  readonly driver: CameraDriver;
  readonly usbId: UsbId;
}

/** The drivers for a vendor and product id: several where boards share them, then the serial tells which. */
export function findDrivers(vendorId: number, productId: number): DriverCandidate[] {
  return DRIVERS.flatMap((driver) => {
    const usbId = driver.usbIds.find((id) => id.vendorId === vendorId && id.productId === productId);
    return usbId === undefined ? [] : [{ driver, usbId }];
  });
}
