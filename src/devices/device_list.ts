/** Asks the devices of a bus who they are. */

import { type CameraUsbId, type DriverCandidate, driversFor } from "../cameras/cameras.ts";
import type { LibusbSelection } from "../types.ts";
import { loadLibusb } from "../usb/libusb.ts";
import { type BusyPause, busyPause } from "./busy.ts";
import type { ListedDevice } from "./discovery.ts";
import { type BusDevice, identify } from "./identify.ts";

/** What a list needs of a USB device; a `UsbDevice` is one. */
export type ListableDevice = BusDevice & Pick<ListedDevice, "speed">;

/** How {@link describeDevices} asks. */
export interface DescribeOptions {
  readonly usbIds?: readonly CameraUsbId[] | undefined;
  /** The pause before busy cameras are asked again. */
  readonly pause?: BusyPause;
}

/** Lists the cameras of a libusb. */
export async function listOn(
  libusb: LibusbSelection,
  usbIds: readonly CameraUsbId[] | undefined,
): Promise<ListedDevice[]> {
  const context = (await loadLibusb(libusb)).createContext();
  try {
    return await describeDevices(context.devices(), { usbIds });
  } finally {
    context.close();
  }
}

/**
 * Asks each device that has a camera's ids who it is; each is closed again before the next is opened. Those that were
 * busy are asked once more.
 */
export async function describeDevices(
  devices: readonly ListableDevice[],
  { usbIds, pause = busyPause }: DescribeOptions = {},
): Promise<ListedDevice[]> {
  const asked: { device: ListableDevice; candidates: readonly DriverCandidate[]; listed: ListedDevice }[] = [];
  for (const device of devices) {
    const candidates = driversFor(device.vendorId, device.productId, usbIds);
    if (candidates.length === 0) continue;
    asked.push({ device, candidates, listed: await listDevice(device, candidates) });
  }
  if (asked.some(({ listed }) => isBusy(listed))) await pause();
  const devicesListed: ListedDevice[] = [];
  for (const { device, candidates, listed } of asked) {
    devicesListed.push(isBusy(listed) ? await listDevice(device, candidates) : listed);
  }
  return devicesListed;
}

/** Whether a program used the camera when it was asked: for its stream, or to read its serial, too. */
export function isBusy({ error }: ListedDevice): boolean {
  return error?.code === "busy";
}

/** Asks a device that has the candidates' ids who it is, and closes it again. */
export async function listDevice(
  device: ListableDevice,
  candidates: readonly DriverCandidate[],
): Promise<ListedDevice> {
  const { vendorId, productId, bus, address, speed } = device;
  const place = { vendorId, productId, bus, address, speed };
  const answer = await identify(device, candidates);
  const { name, camera } = answer;
  if (camera !== undefined) {
    camera.handle.close();
    return { name, type: camera.type, ...place, serial: camera.serial, error: undefined };
  }
  const type = candidates.length === 1 && !answer.isOther ? candidates[0]!.type : undefined;
  return { name, type, ...place, serial: undefined, error: answer.error };
}
