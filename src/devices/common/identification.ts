/** Which camera a device is, over libusb and over WebUSB. */

import type { CameraType, DriverCandidate } from "../../cameras/cameras.ts";
import type { CameraDriver } from "../../cameras/driver.ts";
import { deviceError, type NeuromorphicError } from "../../errors.ts";
import type { AsyncBus, Awaitable } from "../../protocol/bus.ts";
import { run, type RunOptions } from "../../protocol/run.ts";

/** A device that is open, and what takes an interface of it. */
export interface ClaimableBus extends AsyncBus {
  claimInterface(number: number, signal?: AbortSignal): Awaitable<void>;
}

/** A device that is a camera. */
export interface AskedCamera {
  readonly type: CameraType;
  readonly driver: CameraDriver;
  readonly serial: string;
}

/** The camera that a device is, or what it said to each driver. */
export interface DriversAnswer {
  readonly camera?: AskedCamera;
  readonly said: readonly string[];
}

/**
 * Claims the device's interfaces and asks it who it is. The first driver whose camera it is decides.
 *
 * Throws a `NeuromorphicError`, or the signal's reason.
 */
export async function askDrivers(
  bus: ClaimableBus,
  candidates: readonly DriverCandidate[],
  { settling, signal }: Omit<RunOptions, "bus">,
): Promise<DriversAnswer> {
  const claimed = new Set<number>();
  const said = new Set<string>();
  for (const { type, loadDriver } of candidates) {
    const driver = await loadDriver();
    if (!claimed.has(driver.interfaceNumber)) await bus.claimInterface(driver.interfaceNumber, signal);
    claimed.add(driver.interfaceNumber);
    const identity = await run(driver.identify(), { bus, settling, signal });
    if (identity.isOurs) return { camera: { type, driver, serial: identity.serial }, said: [...said] };
    said.add(identity.said);
  }
  return { said: [...said] };
}

/** The error of a device that has a camera's ids and is none of its cameras. */
export function otherDeviceError(said: readonly string[], device: string): NeuromorphicError {
  const what = `has the ids of a supported camera, but is another device: ${said.join("; ")}`;
  return deviceError("unsupported", what, { operation: "identify", device });
}

/** The products that candidates may be, a maker named once: `"Prophesee EVK4, EVK3 HD or EVK3 GenX320"`. */
export function candidateNames(candidates: readonly DriverCandidate[]): string {
  const names = [...new Set(candidates.map(({ usbId }) => usbId.name))];
  const makerOf = (name: string) => name.slice(0, name.indexOf(" ") + 1);
  const isNamed = (index: number) => index > 0 && makerOf(names[index]!) === makerOf(names[index - 1]!);
  const told = names.map((name, index) => isNamed(index) ? name.slice(makerOf(name).length) : name);
  return [told.slice(0, -1).join(", "), ...told.slice(-1)].filter((part) => part !== "").join(" or ");
}
