import type { UsbId } from "../driver.ts";

/**
 * An EVK4 and the cameras that speak its protocol. Source: neuromorphic-drivers 0.18.1 (`devices/prophesee_evk4.rs`,
 * `devices.rs`).
 */
export const propheseeEvk4Ids: readonly UsbId[] = Object.freeze([
  // Shared with the EVK3: the system byte tells them apart.
  { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK4" },
  { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK4" },
  { vendorId: 0x31f7, productId: 0x0003, name: "CenturyArks SilkyEvCam HD" },
  { vendorId: 0x31f7, productId: 0x0004, name: "CenturyArks SilkyEvCam HD Lite" },
  { vendorId: 0x1409, productId: 0x8e00, name: "IDS uEye XCP-E or XLS-E" },
]);
