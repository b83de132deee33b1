import type { CameraDriver } from "../driver.ts";
import type { PropheseeEvk4Changes, PropheseeEvk4Configuration } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { identify } from "./identification.ts";
import { openPropheseeEvk4, type PropheseeEvk4Sensors } from "./open_camera.ts";

/**
 * Prophesee EVK4 and the cameras that speak its protocol: CenturyArks SilkyEvCam HD, IDS uEye XCP-E.
 *
 * Ids: neuromorphic-drivers 0.16.1 (`devices/prophesee_evk4.rs`, `devices.rs`).
 */
export const propheseeEvk4: CameraDriver<PropheseeEvk4Configuration, PropheseeEvk4Changes, PropheseeEvk4Sensors> =
  Object.freeze({
    type: "prophesee-evk4",
    usbIds: Object.freeze([
      // Shared with the EVK3: the system byte tells them apart.
      { vendorId: 0x04b4, productId: 0x00f4, name: "Prophesee EVK4" },
      { vendorId: 0x04b4, productId: 0x00f5, name: "Prophesee EVK4" },
      { vendorId: 0x31f7, productId: 0x0003, name: "CenturyArks SilkyEvCam HD" },
      { vendorId: 0x1409, productId: 0x8e00, name: "IDS uEye XCP-E" },
    ]),
    interfaceNumber: 0,
    checkConfiguration,
    identify,
    open: openPropheseeEvk4,
  });
