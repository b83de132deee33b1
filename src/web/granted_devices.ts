/** Which devices a page may open: those that the user has allowed. */

import { cameras, type CameraType, cameraTypes, type CameraUsbId, driversFor } from "../cameras/cameras.ts";
import { oneOf, options as optionsOf } from "../checks.ts";
import { cameraUsbIds } from "../devices/common/usb_ids.ts";
import { NeuromorphicError } from "../errors.ts";
import { usbOrThrow } from "./navigator_usb.ts";
import { checkUsb } from "./usb_checks.ts";
import { nameOf } from "./usb_errors.ts";
import type { Usb, UsbDevice, UsbDeviceFilter } from "./usb_types.ts";

/** Where to look for cameras, and for which. */
export interface WebDevicesOptions {
  /** Ids under which cameras may answer, beside those that the library knows. Default: none. */
  readonly usbIds?: readonly CameraUsbId[] | undefined;
  /** Default: `navigator.usb`. */
  readonly usb?: Usb | undefined;
}

/** Which cameras a user may choose from. */
export interface RequestDeviceOptions extends WebDevicesOptions {
  /** Type of the wanted camera. Default: any. Cameras that share its ids are shown, too. */
  readonly type?: CameraType | undefined;
}

/**
 * Lets the user choose a camera. Call it from the handler of a click or a key: a browser asks only then. What was chosen
 * stays allowed to the page's origin, so {@link getDevices} gives it the next time.
 *
 * @returns The device, to be opened by `open`; undefined where the user has chosen none.
 * @throws {TypeError | RangeError} for a wrong option.
 * @throws {NeuromorphicError} "unsupported" where there is no WebUSB, or in a Worker, where only {@link getDevices} works;
 * "permission-denied" without a click or a key just before, and where the page's policy forbids it.
 */
export async function requestDevice(options: RequestDeviceOptions = {}): Promise<UsbDevice | undefined> {
  const operation = "request device";
  const { usb: given, usbIds, type } = checkRequest(options);
  const usb = usbOrThrow(given, operation);
  if (usb.requestDevice === undefined) {
    const what = "a Worker cannot ask the user: let the page call requestDevice(), then use getDevices()";
    throw new NeuromorphicError("unsupported", `${operation}: ${what}`, { operation });
  }
  try {
    return await usb.requestDevice({ filters: filtersOf(type, usbIds) });
  } catch (cause) {
    if (nameOf(cause) === "NotFoundError") return undefined;
    if (nameOf(cause) !== "SecurityError") throw cause;
    const what = "the browser asks the user only in the handler of a click or a key, and where the page's policy " +
      `(Permissions-Policy, allow="usb" of a frame) allows USB (${cause})`;
    throw new NeuromorphicError("permission-denied", `${operation}: ${what}`, { operation, cause });
  }
}

/**
 * The cameras that the user has allowed to this page's origin before and that are plugged in. The user is not asked, so
 * no click is needed, and it works in Workers. A camera is the same object at each call, until it is unplugged.
 *
 * @throws {TypeError | RangeError} for a wrong option.
 * @throws {NeuromorphicError} "unsupported" where there is no WebUSB, "permission-denied" where the page's policy forbids
 * it.
 */
export async function getDevices(options: WebDevicesOptions = {}): Promise<UsbDevice[]> {
  const operation = "get devices";
  const { usb: given, usbIds } = checkGet(options);
  const usb = usbOrThrow(given, operation);
  try {
    return (await usb.getDevices()).filter(({ vendorId, productId }) =>
      driversFor(vendorId, productId, usbIds).length > 0
    );
  } catch (cause) {
    if (nameOf(cause) !== "SecurityError") throw cause;
    const what = `the page's policy (Permissions-Policy, allow="usb" of a frame) forbids USB (${cause})`;
    throw new NeuromorphicError("permission-denied", `${operation}: ${what}`, { operation, cause });
  }
}

const checks = { usbIds: cameraUsbIds, usb: checkUsb };
const checkGet = optionsOf<WebDevicesOptions>("getDevices", checks);
const checkRequest = optionsOf<RequestDeviceOptions>("requestDevice", {
  ...checks,
  type: oneOf(cameraTypes),
});

/** The ids of the cameras, each once. */
function filtersOf(type: CameraType | undefined, usbIds: readonly CameraUsbId[] = []): UsbDeviceFilter[] {
  const known = cameraTypes.filter((known) => type === undefined || known === type);
  const given = usbIds.filter((id) => type === undefined || id.type === type);
  const filters = new Map<string, UsbDeviceFilter>();
  for (const { vendorId, productId } of [...known.flatMap((known) => cameras[known].usbIds), ...given]) {
    filters.set(`${vendorId}:${productId}`, { vendorId, productId });
  }
  return [...filters.values()];
}
