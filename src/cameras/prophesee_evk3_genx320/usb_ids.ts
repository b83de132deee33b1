import type { UsbId } from "../driver.ts";

/** An EVK3 with a GenX320. Source: OpenEB 5.1.1. */
export const propheseeEvk3Genx320Ids: readonly UsbId[] = Object.freeze([
  // Shared with the EVK4 and other EVK3: the system byte tells them apart.
  { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK3 GenX320" },
  { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK3 GenX320" },
]);
