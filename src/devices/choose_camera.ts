import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";
import { type BusDevice, describeDevice, type IdentifiedCamera, identify, sameSerial } from "./identify.ts";
import { type DriverCandidate, findDrivers } from "../cameras/registry.ts";

/** Which camera is wanted; the first one where nothing is said. */
export interface CameraWish {
  /** Serial, in any case. */
  readonly serial?: string | undefined;
}

/** A camera that is open, and the USB device that it is. */
export interface ChosenCamera<Handle extends UsbHandle, Device extends BusDevice<Handle>>
  extends IdentifiedCamera<Handle> {
  readonly usbDevice: Device;
}

/**
 * Opens the wanted camera among the devices of the bus. All other devices are closed again, and so is the camera when
 * this throws.
 *
 * Without a serial the first camera that answers is taken. With one, all are asked: where two have the same serial,
 * taking either would be a guess.
 *
 * Throws a `NeuromorphicError`: "device-not-found", "unsupported" (two cameras have the serial), or, when no camera
 * fits, the error that kept one from being asked: "busy", "permission-denied", "protocol", …
 */
export function chooseCamera<Handle extends UsbHandle, Device extends BusDevice<Handle>>(
  devices: readonly (Device & BusDevice<Handle>)[],
  wish: CameraWish,
): ChosenCamera<Handle, Device> {
  /** Cameras that are there but not wanted, and errors of those that could not be asked. */
  const others: string[] = [];
  const errors: NeuromorphicError[] = [];
  let chosen: ChosenCamera<Handle, Device> | undefined;
  for (const usbDevice of devices) {
    const candidates = findDrivers(usbDevice.vendorId, usbDevice.productId);
    if (candidates.length === 0) continue;
    const asked = ask(usbDevice, candidates, () => chosen?.handle.close());
    if (asked instanceof NeuromorphicError) {
      errors.push(asked);
    } else if (asked === undefined) {
      others.push(`another device with the ids of a ${describeDevice(usbDevice, candidates)}`);
    } else if (wish.serial === undefined) {
      return { ...asked, usbDevice };
    } else if (!sameSerial(wish.serial, asked.serial)) {
      asked.handle.close();
      others.push(describeDevice(usbDevice, candidates, asked.serial));
    } else if (chosen !== undefined) {
      asked.handle.close();
      chosen.handle.close();
      throw sameSerialError(asked.serial, [chosen.usbDevice, usbDevice]);
    } else {
      chosen = { ...asked, usbDevice };
    }
  }
  if (chosen !== undefined) return chosen;
  throw errors.length > 0 ? notAskedError(wish, errors, others) : notFoundError(wish, others);
}

/** Identifies a device; an error of it is a result, because another camera may fit. */
function ask<Handle extends UsbHandle>(
  device: BusDevice<Handle>,
  candidates: readonly DriverCandidate[],
  onBug: () => void,
): IdentifiedCamera<Handle> | NeuromorphicError | undefined {
  try {
    return identify(device, candidates);
  } catch (error) {
    if (error instanceof NeuromorphicError) return error;
    onBug();
    throw error;
  }
}

function sameSerialError(serial: string, devices: readonly BusDevice[]): NeuromorphicError {
  const places = devices.map(({ bus, address }) => `bus ${bus}, address ${address}`).join(" and ");
  return new NeuromorphicError(
    "unsupported",
    `two cameras have the serial ${serial}: ${places}; unplug one of them, or open without a serial`,
    { operation: "open", device: serial },
  );
}

/** The error of the kind that says most about what to do; the messages of all are told. */
function notAskedError(
  wish: CameraWish,
  errors: readonly NeuromorphicError[],
  others: readonly string[],
): NeuromorphicError {
  const withCode = (code: ErrorCode) => errors.find((error) => error.code === code);
  const first = withCode("permission-denied") ?? withCode("busy") ?? errors[0]!;
  const messages = errors.map(({ message }) => message).join("; ");
  const rest = others.length === 0 ? "" : ` (not wanted: ${others.join("; ")})`;
  return new NeuromorphicError(first.code, `cannot open ${describeWish(wish)}: ${messages}${rest}`, {
    operation: "open",
    ...(first.device === undefined ? {} : { device: first.device }),
    cause: first,
  });
}

function notFoundError(wish: CameraWish, others: readonly string[]): NeuromorphicError {
  const there = others.length === 0 ? "no supported camera is connected" : `connected: ${others.join("; ")}`;
  return new NeuromorphicError("device-not-found", `${describeWish(wish)} not found; ${there}`, { operation: "open" });
}

function describeWish({ serial }: CameraWish): string {
  return serial === undefined ? "camera" : `camera with serial ${serial.toUpperCase()}`;
}
