/** Opens a device of the bus and asks it who it is. */

import type { CameraType, DriverCandidate } from "../cameras/cameras.ts";
import type { CameraDriver, Identity } from "../cameras/driver.ts";
import { deviceError, NeuromorphicError } from "../errors.ts";
import { readDeviceName } from "../protocol/descriptors.ts";
import { run } from "../protocol/run.ts";
import { realSettling } from "../usb/settling.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";

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
export interface IdentifiedCamera<Handle extends UsbHandle = UsbHandle> {
  /** To be closed by the caller. */
  readonly handle: Handle;
  readonly type: CameraType;
  readonly driver: CameraDriver;
  /** The name of the {@link Answer}. */
  readonly name: string;
  readonly serial: string;
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
    answer = await askDrivers(handle, candidates, name, (driver) => run(driver.identify(), way));
    if (answer.camera !== undefined) handle.description = describeDevice(device, name, answer.camera.serial);
    return answer;
  } catch (error) {
    if (error instanceof NeuromorphicError && signal?.aborted !== true) return { name, error, isOther: false };
    throw error;
  } finally {
    if (answer?.camera === undefined) handle?.close();
  }
}

/** The first driver whose camera the device is. */
async function askDrivers<Handle extends UsbHandle>(
  handle: Handle,
  candidates: readonly DriverCandidate[],
  name: string,
  ask: (driver: CameraDriver) => Promise<Identity>,
): Promise<Answer<Handle>> {
  const claimed = new Set<number>();
  const said = new Set<string>();
  // A kernel driver on the interface would make the claim fail.
  handle.autoDetachKernelDriver();
  for (const { type, driver } of candidates) {
    if (!claimed.has(driver.interfaceNumber)) handle.claimInterface(driver.interfaceNumber);
    claimed.add(driver.interfaceNumber);
    const identity = await ask(driver);
    if (identity.isOurs) return { name, camera: { handle, type, driver, name, serial: identity.serial } };
    said.add(identity.said);
  }
  const what = `has the ids of a supported camera, but is another device: ${[...said].join("; ")}`;
  const error = deviceError("unsupported", what, { operation: "identify", device: handle.description });
  return { name, error, isOther: true };
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

/** The products that candidates may be, a maker named once: `"Prophesee EVK4, EVK3 HD or EVK3 GenX320"`. */
export function candidateNames(candidates: readonly DriverCandidate[]): string {
  const names = [...new Set(candidates.map(({ usbId }) => usbId.name))];
  const makerOf = (name: string) => name.slice(0, name.indexOf(" ") + 1);
  const isNamed = (index: number) => index > 0 && makerOf(names[index]!) === makerOf(names[index - 1]!);
  const told = names.map((name, index) => isNamed(index) ? name.slice(makerOf(name).length) : name);
  return [told.slice(0, -1).join(", "), ...told.slice(-1)].filter((part) => part !== "").join(" or ");
}
