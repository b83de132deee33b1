/** USB devices that exist in a test. */

import { type ErrorCode, NeuromorphicError } from "../../src/errors.ts";
import type { BusDevice } from "../../src/devices/identify.ts";
import type { UsbSpeed } from "../../src/types.ts";
import { RecordingCamera, type RecordingCameraOptions } from "../cameras/testing/transcript_camera.ts";

export interface MadeUpDevice extends BusDevice<RecordingCamera> {
  readonly speed: UsbSpeed;
  /** What was opened, the latest last. */
  readonly handles: RecordingCamera[];
}

let addresses = 0;

export interface MadeUpDeviceOptions extends RecordingCameraOptions {
  /** The device cannot be opened. */
  openError?: ErrorCode;
}

/** A device on bus 2; by default an EVK4. */
export function madeUpDevice(
  { ids = [0x04b4, 0x00f5], openError, ...options }: MadeUpDeviceOptions = {},
): MadeUpDevice {
  const handles: RecordingCamera[] = [];
  const [vendorId, productId] = ids;
  const open = (description: string) => {
    if (openError !== undefined) throw new NeuromorphicError(openError, `${description}: open: ${openError}`);
    const camera = new RecordingCamera({ ids, ...options }, description);
    handles.push(camera);
    return camera;
  };
  return { vendorId, productId, bus: 2, address: ++addresses, speed: "super", handles, open };
}

/** The serial that a number makes, as its reply holds it. */
export function serialBytes(serial: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(serial).buffer);
}

/** Handles that are still open. */
export function openHandles(devices: readonly MadeUpDevice[]): RecordingCamera[] {
  return devices.flatMap(({ handles }) => handles).filter(({ closed }) => !closed);
}
