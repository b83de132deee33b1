import type { UsbId } from "../driver.ts";

/**
 * A SilkyEvCam VGA, and an EVK3 with a Gen3.1. Source: neuromorphic-drivers 0.18.1 (`devices/centuryarks_vga.rs`),
 * OpenEB 5.1.1 (the second).
 */
export const centuryarksVgaIds: readonly UsbId[] = Object.freeze([
  { vendorId: 0x31f7, productId: 0x0002, name: "CenturyArks SilkyEvCam VGA" },
  // Shared with other boards, the EVK2 among them: the system id tells them apart.
  { vendorId: 0x03fd, productId: 0x5832, name: "Prophesee EVK3 Gen3.1" },
]);
