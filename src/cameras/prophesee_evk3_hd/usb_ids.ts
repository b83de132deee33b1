import type { UsbId } from "../driver.ts";

/** An EVK3 HD. Source: neuromorphic-drivers 0.18.1 (`devices/prophesee_evk3_hd.rs`). */
export const propheseeEvk3HdIds: readonly UsbId[] = Object.freeze([
  // Shared with the EVK4: the system byte tells them apart.
  { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK3 HD" },
  { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK3 HD" },
]);
