/** Finds the wanted camera on a bus: opens devices, asks each who it is, and closes all but the wanted one. */

import { type CameraType, type CameraUsbId, driversFor } from "../cameras/cameras.ts";
import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import type { UsbContext } from "../usb/context.ts";
import type { UsbDevice } from "../usb/device.ts";
import type { LibusbSelection } from "../types.ts";
import { type Libusb, loadLibusb } from "../usb/libusb.ts";
import type { LibusbHandle } from "../usb/libusb_handle.ts";
import type { UsbHandle } from "../usb/usb_handle.ts";
import { BUSY_RETRIES, type BusyPause, busyPause } from "./busy.ts";
import { candidateNames } from "./common/identification.ts";
import { type BusDevice, describeDevice, type IdentifiedCamera, identify } from "./identify.ts";
import { isSameSerial } from "./serial.ts";

/** Which camera is wanted; the first one where nothing is said. */
export interface CameraCriteria {
  readonly type?: CameraType | undefined;
  /** Serial, in any case, with or without its leading zeros. */
  readonly serial?: string | undefined;
  /** Ids of cameras beside those of the drivers. */
  readonly usbIds?: readonly CameraUsbId[] | undefined;
}

/** A camera that is open, and the USB device that it is. */
export interface ChosenCamera<Handle extends UsbHandle, Device extends BusDevice<Handle>>
  extends IdentifiedCamera<Handle> {
  readonly usbDevice: Device;
}

/** A camera that is open and claimed. The caller closes the handle, then the context. */
export interface FoundCamera extends ChosenCamera<LibusbHandle, UsbDevice> {
  readonly libusb: Libusb;
  readonly context: UsbContext;
}

/** Where to look for a camera, and until when. */
export interface FindOptions extends CameraCriteria {
  readonly libusb?: LibusbSelection | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the wanted camera on the bus of a libusb (the system's by default). Nothing stays open when this throws.
 *
 * Throws a `NeuromorphicError`: "native-library", or what {@link chooseCamera} throws.
 */
export async function findCamera(
  { libusb: selection = "system", signal, ...criteria }: FindOptions = {},
): Promise<FoundCamera> {
  const libusb = await loadLibusb(selection);
  const context = libusb.createContext();
  try {
    const chosen = await chooseCamera<LibusbHandle, UsbDevice>(context.devices(), criteria, { signal });
    return { libusb, context, ...chosen };
  } catch (error) {
    context.close();
    throw error;
  }
}

/** How long {@link chooseCamera} tries. */
export interface ChooseOptions {
  readonly signal?: AbortSignal | undefined;
  /** The pause before busy cameras are asked again. */
  readonly pause?: BusyPause;
}

/**
 * Opens the wanted camera among the devices of the bus. All other devices are closed again, and so is the camera when
 * this throws.
 *
 * Without a serial the first camera that answers is taken. With one, all are asked: where two have the same serial,
 * taking either would be a guess. Where no camera fits, those that were busy are asked again for about a second.
 *
 * Throws the signal's reason, or a `NeuromorphicError`: "device-not-found", "unsupported" (two cameras have the serial,
 * or one with a camera's ids is another one), or, when no camera fits, the error that kept one from being asked: "busy", "permission-denied", "protocol", …
 */
export async function chooseCamera<Handle extends UsbHandle, Device extends BusDevice<Handle>>(
  devices: readonly (Device & BusDevice<Handle>)[],
  criteria: CameraCriteria,
  { signal, pause = busyPause }: ChooseOptions = {},
): Promise<ChosenCamera<Handle, Device>> {
  const search = new Search<Handle, Device>(criteria);
  for (let retries = 0, left = devices;; ++retries, left = search.takeBusy()) {
    const chosen = await search.ask(left, signal);
    if (chosen !== undefined) return chosen;
    if (!search.metBusy || retries === BUSY_RETRIES) throw search.failure();
    await pause(signal);
  }
}

/** One search for a camera; where it finds none, it knows why. */
class Search<Handle extends UsbHandle, Device extends BusDevice<Handle>> {
  readonly #criteria: CameraCriteria;
  /** Cameras that are there but not wanted. */
  readonly #others: string[] = [];
  /** Errors of those that could not be asked, and of those that were busy when they were asked last. */
  readonly #errors: NeuromorphicError[] = [];
  /** Errors of those that have the ids of a camera, and are other devices. */
  readonly #otherDevices: NeuromorphicError[] = [];
  #busy: { readonly device: Device & BusDevice<Handle>; readonly error: NeuromorphicError }[] = [];

  constructor(criteria: CameraCriteria) {
    this.#criteria = criteria;
  }

  get metBusy(): boolean {
    return this.#busy.length > 0;
  }

  /** Those that were busy, to be asked again. The others' answers stand. */
  takeBusy(): (Device & BusDevice<Handle>)[] {
    const devices = this.#busy.map(({ device }) => device);
    this.#busy = [];
    return devices;
  }

  /** Asks devices; the wanted one is left open. Throws, also the signal's reason, only with nothing open. */
  async ask(
    devices: readonly (Device & BusDevice<Handle>)[],
    signal: AbortSignal | undefined,
  ): Promise<ChosenCamera<Handle, Device> | undefined> {
    let chosen: ChosenCamera<Handle, Device> | undefined;
    for (const usbDevice of devices) {
      let asked: IdentifiedCamera<Handle> | undefined;
      try {
        asked = await this.#askOne(usbDevice, signal);
      } catch (error) {
        chosen?.handle.close();
        throw error;
      }
      if (asked === undefined) continue;
      if (this.#criteria.serial === undefined) return { ...asked, usbDevice };
      if (chosen !== undefined) {
        asked.handle.close();
        chosen.handle.close();
        throw sameSerialError(asked.serial, [chosen.usbDevice, usbDevice]);
      }
      chosen = { ...asked, usbDevice };
    }
    return chosen;
  }

  /** Why no camera was found. */
  failure(): NeuromorphicError {
    const errors = [...this.#errors, ...this.#busy.map(({ error }) => error)];
    if (errors.length > 0) return notAskedError(this.#criteria, [...errors, ...this.#otherDevices], this.#others);
    // Whether one of them has the wanted serial is not known, and does not matter.
    if (this.#criteria.serial === undefined && this.#otherDevices.length > 0) {
      return notAskedError(this.#criteria, this.#otherDevices, this.#others);
    }
    return notFoundError(this.#criteria, [...this.#others, ...this.#otherDevices.map(({ message }) => message)]);
  }

  /** The camera, open, where it is wanted. */
  async #askOne(
    device: Device & BusDevice<Handle>,
    signal: AbortSignal | undefined,
  ): Promise<IdentifiedCamera<Handle> | undefined> {
    const { type, serial, usbIds } = this.#criteria;
    const candidates = driversFor(device.vendorId, device.productId, usbIds);
    if (candidates.length === 0) return undefined;
    if (!candidates.some((candidate) => isWanted(candidate.type, type))) {
      this.#others.push(describeDevice(device, candidateNames(candidates)));
      return undefined;
    }
    const answer = await identify(device, candidates, signal);
    const { camera } = answer;
    if (camera === undefined) {
      const { error, isOther } = answer;
      if (isOther) this.#otherDevices.push(error);
      else if (error.code === "busy") this.#busy.push({ device, error });
      else this.#errors.push(error);
      return undefined;
    }
    if (isWanted(camera.type, type) && isWantedSerial(camera.serial, serial)) return camera;
    camera.handle.close();
    this.#others.push(camera.handle.description);
    return undefined;
  }
}

function isWanted(type: CameraType, wanted: CameraType | undefined): boolean {
  return wanted === undefined || type === wanted;
}

function isWantedSerial(serial: string, wanted: string | undefined): boolean {
  return wanted === undefined || isSameSerial(serial, wanted);
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
  criteria: CameraCriteria,
  errors: readonly NeuromorphicError[],
  others: readonly string[],
): NeuromorphicError {
  const withCode = (code: ErrorCode) => errors.find((error) => error.code === code);
  const first = withCode("permission-denied") ?? withCode("busy") ?? errors[0]!;
  const messages = errors.map(({ message }) => message).join("; ");
  const rest = others.length === 0 ? "" : ` (not wanted: ${others.join("; ")})`;
  return new NeuromorphicError(first.code, `cannot open ${describeCriteria(criteria)}: ${messages}${rest}`, {
    operation: "open",
    ...(first.device === undefined ? {} : { device: first.device }),
    cause: first,
  });
}

function notFoundError(criteria: CameraCriteria, others: readonly string[]): NeuromorphicError {
  const there = others.length === 0 ? "no supported camera is connected" : `connected: ${others.join("; ")}`;
  return new NeuromorphicError("device-not-found", `${describeCriteria(criteria)} not found; ${there}`, {
    operation: "open",
  });
}

/** For messages: `camera of type "prophesee-evk4" with serial 00050ABC`. */
function describeCriteria({ type, serial }: CameraCriteria): string {
  const ofType = type === undefined ? "" : ` of type "${type}"`;
  return `camera${ofType}${serial === undefined ? "" : ` with serial ${serial.toUpperCase()}`}`;
}
