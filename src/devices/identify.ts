/** Opens a device of the bus and asks it who it is. */

import type { DriverCandidate } from "../cameras/cameras.ts";
import { NeuromorphicError } from "../errors.ts";
import { readDeviceName } from "../protocol/descriptors.ts";
import { run } from "../protocol/run.ts";
import { realSettling } from "../usb/settling.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";
import { askDrivers, type AskedCamera, candidateNames, otherDeviceError } from "./common/identification.ts";

/** What finding a camera needs of a USB device; a `UsbDevice` is one, and so is what tests make up. */
export interface BusDevice<Handle extends UsbHandle = UsbHandle> {
  readonly vendorId: number;
  readonly productId: number;
  /** Number of the USB bus. */
  readonly bus: number;
  /** Address on the bus; another one after each plugging in. */
  readonly address: number;
  /** Opens the device, which messages call by the description; throws a `NeuromorphicError`. */
  open(description: string): Handle;
}

/** A device that was opened, claimed, and found to be a camera. */
export interface IdentifiedCamera<Handle extends UsbHandle = UsbHandle> extends AskedCamera {
  /** To be closed by the caller. */
  readonly handle: Handle;
  /** The name of the {@link Answer}. */
  readonly name: string;
}

/** What a device answered. It is open where it is a camera, and else closed. */
export type Answer<Handle extends UsbHandle = UsbHandle> =
  & {
    /**
     * What its strings say, for example `"CenturyArks SilkyEvCam HD v03.09.00C"`; the names of the candidates where they
     * are empty or could not be read. The list, the device and its errors call it so.
     */
    readonly name: string;
  }
  & (
    | { readonly camera: IdentifiedCamera<Handle>; readonly error?: undefined }
    /** Why it is none of the candidates' cameras ("unsupported"), or could not be asked ("busy", "io", …). */
    | { readonly camera?: undefined; readonly error: NeuromorphicError; readonly isOther: boolean }
  );

/**
 * Opens a device, reads its name, claims it and asks it who it is. From then on its handle is described by name and
 * serial. The name is read before the claim, so that a camera in use has its name, too.
 *
 * An error of the device is a part of the answer. Throws the signal's reason, and what is no `NeuromorphicError`, with
 * the device closed.
 */
export async function identify<Handle extends UsbHandle>(
  device: BusDevice<Handle>,
  candidates: readonly DriverCandidate[],
  signal?: AbortSignal,
): Promise<Answer<Handle>> {
  let name = candidateNames(candidates);
  let handle: Handle | undefined;
  let answer: Answer<Handle> | undefined;
  try {
    handle = device.open(describeDevice(device, name));
    const way = { bus: handle, settling: realSettling, signal };
    name = await run(readDeviceName(), way) ?? name;
    handle.description = describeDevice(device, name);
    // A kernel driver on the interface would make the claim fail.
    handle.autoDetachKernelDriver();
    const { camera, said } = await askDrivers(handle, candidates, way);
    if (camera === undefined) {
      return answer = { name, error: otherDeviceError(said, handle.description), isOther: true };
    }
    handle.description = describeDevice(device, name, camera.serial);
    return answer = { name, camera: { handle, name, ...camera } };
  } catch (error) {
    if (error instanceof NeuromorphicError && signal?.aborted !== true) return { name, error, isOther: false };
    throw error;
  } finally {
    if (answer?.camera === undefined) handle?.close();
  }
}

/** What messages call a device: `"Prophesee EVK4 00050ABC (bus 2, address 7)"`, or without the serial. */
export function describeDevice(
  { bus, address }: Pick<BusDevice, "bus" | "address">,
  name: string,
  serial?: string,
): string {
  const place = `(bus ${bus}, address ${address})`;
  return serial === undefined ? `${name} ${place}` : `${name} ${serial} ${place}`;
}
