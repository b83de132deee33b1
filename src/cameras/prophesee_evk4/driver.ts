import type { CameraDriver } from "../driver.ts";
import { HEIGHT, type PropheseeEvk4Changes, type PropheseeEvk4Configuration, WIDTH } from "./configuration.ts";
import { checkConfiguration } from "./configuration_check.ts";
import { readSerial } from "./identification.ts";
import { openPropheseeEvk4 } from "./open_camera.ts";

/**
 * Prophesee EVK4 and the cameras that speak its protocol: CenturyArks SilkyEvCam HD, IDS uEye XCP-E.
 *
 * Ids: neuromorphic-drivers 0.16.1 (`devices/prophesee_evk4.rs`, `devices.rs`).
 */
export const propheseeEvk4: CameraDriver<PropheseeEvk4Configuration, PropheseeEvk4Changes> = Object.freeze({
  name: "Prophesee EVK4",
  type: "prophesee-evk4",
  usbIds: Object.freeze([
    // Shared with the EVK3: the system byte tells them apart.
    { vendorId: 0x04b4, productId: 0x00f4, description: "Prophesee EVK4" },
    { vendorId: 0x04b4, productId: 0x00f5, description: "Prophesee EVK4" },
    { vendorId: 0x31f7, productId: 0x0003, description: "CenturyArks SilkyEvCam HD" },
    { vendorId: 0x1409, productId: 0x8e00, description: "IDS uEye XCP-E" },
  ]),
  properties: Object.freeze({ width: WIDTH, height: HEIGHT, sensor: "Prophesee/Sony IMX636", eventFormat: "evt3" }),
  eventsEndpoint: 0x81,
  interfaceNumber: 0,
  /** A copy: its masks could be written to. */
  get defaultConfiguration() {
    return checkConfiguration(undefined);
  },
  checkConfiguration,
  readSerial,
  open: openPropheseeEvk4,
});
