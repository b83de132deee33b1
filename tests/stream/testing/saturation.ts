/** Loops that are slower than their camera: a packet is there whenever they ask for one. */

import { type CameraType, type Device, open, type OpenOptions, type VirtualCameraOptions } from "../../../mod.ts";

/** As fast as it is fetched. */
export const fastCamera: VirtualCameraOptions = { source: { kind: "pattern" }, bytesPerSecond: 0 };

/** One transfer is one packet, and few of them wait. */
const options = {
  libusb: "virtual",
  raw: true,
  iteratorMaximumRawPackets: 1,
  usbConfiguration: { ringLength: 64 },
} as const satisfies OpenOptions;

/** Opens a camera for {@link readSlowly}. */
export function openFast(serial?: string): Promise<Device<CameraType, Uint8Array<ArrayBuffer>>> {
  return open({ ...options, serial });
}

/** What the body of a loop takes at least. */
const bodyMs = 0.5;

/** Reads until `isOver`, and returns true; false where that takes more packets than `tooMany`. */
export async function readSlowly(
  device: Device<CameraType, Uint8Array<ArrayBuffer>>,
  tooMany: number,
  isOver: () => boolean,
): Promise<boolean> {
  let packets = 0;
  for await (const _ of device) {
    if (isOver()) return true;
    if (++packets > tooMany) return false;
    const endMs = performance.now() + bodyMs;
    while (performance.now() < endMs || device.statistics.backlog === 0);
  }
  throw new Error("the device was closed");
}
