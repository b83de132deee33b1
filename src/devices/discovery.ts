import { options as optionsOf, text } from "../checks.ts";
import type { LibusbSelection } from "../types.ts";
import { loadLibusb } from "../usb/libusb.ts";
import { describeDevices, formatDeviceList, type ListedDevice } from "./device_list.ts";

/** Where to look for cameras. */
export interface ListDevicesOptions {
  /** Which libusb-1.0: `"system"` (default), `"virtual"` (the virtual camera), or the path of a library. */
  readonly libusb?: LibusbSelection | undefined;
}

/**
 * Lists the supported cameras that are connected. A camera is opened only to read its serial; where that fails, for
 * example because a program streams from it, the entry says why.
 *
 * @throws {TypeError} for an unknown option or a value of the wrong type.
 * @throws {NeuromorphicError} "native-library" or "io" where libusb does not load or start. Errors of single cameras
 * are data.
 *
 * @example
 * ```ts
 * import { listDevices } from "@neuromorphic/drivers";
 *
 * for (const { name, serial, speed, error } of await listDevices({ libusb: "virtual" })) {
 *   console.log(name, serial ?? error?.message, speed);
 * }
 * ```
 */
export async function listDevices(options: ListDevicesOptions = {}): Promise<ListedDevice[]> {
  const { libusb = "system" } = checkOptions(options);
  const context = (await loadLibusb(libusb)).createContext();
  try {
    return describeDevices(context.devices());
  } finally {
    context.close();
  }
}

const checkOptions = optionsOf<ListDevicesOptions>("listDevices", { libusb: text });

/**
 * Prints the cameras that {@link listDevices} finds as a table.
 *
 * @throws {TypeError | NeuromorphicError} as {@link listDevices}.
 *
 * @example
 * ```ts
 * import { printDeviceList } from "@neuromorphic/drivers";
 *
 * await printDeviceList({ libusb: "virtual" });
 * ```
 */
export async function printDeviceList(options: ListDevicesOptions = {}): Promise<void> {
  console.log(formatDeviceList(await listDevices(options)));
}
