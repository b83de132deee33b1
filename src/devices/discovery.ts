import type { CameraType, CameraUsbId } from "../cameras/cameras.ts";
import { arrayOf, instanceOf, object, oneOf, options as optionsOf, text, wholeNumber, wrongKind } from "../checks.ts";
import { NeuromorphicError } from "../errors.ts";
import type { LibusbSelection, UsbSpeed } from "../types.ts";
import { libusbSelection } from "../usb/selection.ts";
import { textTable } from "./text_table.ts";
import { cameraUsbIds } from "./common/usb_ids.ts";

/** Where to look for cameras. */
export interface ListDevicesOptions {
  /** Which libusb-1.0: `"system"` (default), `"virtual"` (the virtual camera), or the path of a library. */
  readonly libusb?: LibusbSelection | undefined;
  /** Ids under which cameras may answer, too: see the option of the same name of {@link open}. Default: none. */
  readonly usbIds?: readonly CameraUsbId[] | undefined;
}

/** A supported camera that is connected. */
export interface ListedDevice {
  /**
   * What the camera calls itself, for example `"CenturyArks SilkyEvCam HD v03.09.00C"`. Where its strings are empty or
   * cannot be read: the product with its ids; where several share them, all: `"Prophesee EVK4, EVK3 HD or EVK3 GenX320"`.
   */
  readonly name: string;
  /**
   * Type of the camera, for example `"prophesee-evk4"`; undefined where it is another camera with the same ids, or where
   * several share its ids and it did not answer.
   */
  readonly type: CameraType | undefined;
  /** Vendor id of USB. */
  readonly vendorId: number;
  /** Product id of USB. */
  readonly productId: number;
  /** Number of the USB bus. */
  readonly bus: number;
  /** Address on the bus. */
  readonly address: number;
  /** Speed of the USB link: `"super"` (5 Gb/s) or faster is right, `"high"` (480 Mb/s) too slow for busy scenes. */
  readonly speed: UsbSpeed;
  /** Serial in upper-case hexadecimal; undefined where it could not be read. */
  readonly serial: string | undefined;
  /**
   * What kept the serial from being read: "busy" where a program uses the camera, "permission-denied", …; "unsupported"
   * where it is another camera with the same ids, and what that answered.
   */
  readonly error: NeuromorphicError | undefined;
}

/**
 * Lists the supported cameras that are connected. A camera is opened only to ask who it is; where that fails, for
 * example because a program streams from it, the entry says why. One that is busy is asked once more, after 50 to 150 ms.
 *
 * @throws {TypeError} for an unknown option or a value of the wrong type.
 * @throws {NeuromorphicError} "native-library", "permission-denied" or "io" where libusb does not load or start. Errors
 * of single cameras are data.
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
  const { libusb = "system", usbIds } = checkOptions(options);
  const { listOn } = await import("./device_list.ts");
  return await listOn(libusb, usbIds);
}

const checks = { libusb: libusbSelection, usbIds: cameraUsbIds };
const checkOptions = optionsOf<ListDevicesOptions>("listDevices", checks);
const checkPrintOptions = optionsOf<ListDevicesOptions>("printDeviceList", checks);

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
  console.log(formatDeviceList(await listDevices(checkPrintOptions(options))));
}

/**
 * A table of devices for a terminal, without a newline at the end. Below it stand the errors of those whose serial could
 * not be read, and one warning of links that are slower than USB 3; where there are no devices, it says so.
 *
 * @throws {TypeError | RangeError} for what is no list of devices, for example the promise of one.
 *
 * @example
 * ```ts
 * import { formatDeviceList, listDevices } from "@neuromorphic/drivers";
 *
 * const devices = await listDevices({ libusb: "virtual" });
 * console.log(formatDeviceList(devices.filter(({ speed }) => speed === "super")));
 * ```
 */
export function formatDeviceList(devices: readonly ListedDevice[]): string {
  return formatTable(checkDevices(devices, "devices"));
}

/** What the table tells of a device. */
type TableEntry = Omit<ListedDevice, "type">;

const idNumber = wholeNumber(0, 0xffff);
const busNumber = wholeNumber(0, 2 ** 32 - 1);

const checkEntry = object<TableEntry>({
  name: text,
  vendorId: idNumber,
  productId: idNumber,
  bus: busNumber,
  address: busNumber,
  speed: oneOf<UsbSpeed>(["unknown", "low", "full", "high", "super", "super-plus"]),
  serial: text,
  error: instanceOf(NeuromorphicError, "a NeuromorphicError"),
}, ["name", "vendorId", "productId", "bus", "address", "speed"]);

/** A program's devices may have properties of its own. */
const checkDevices = arrayOf<TableEntry>((value, path) => {
  if (typeof value !== "object" || value === null) throw wrongKind(path, "a device of listDevices()", value);
  const { name, vendorId, productId, bus, address, speed, serial, error } = value as TableEntry;
  return checkEntry({ name, vendorId, productId, bus, address, speed, serial, error }, path);
});

function formatTable(devices: readonly TableEntry[]): string {
  if (devices.length === 0) return "no camera found";
  const header = ["name", "serial", "id", "bus", "address", "speed"];
  const rows = devices.map(({ name, serial, error, vendorId, productId, bus, address, speed }) => [
    name,
    serial ?? `(${error?.code})`,
    `${hexadecimal(vendorId)}:${hexadecimal(productId)}`,
    String(bus),
    String(address),
    speed,
  ]);
  const errors = devices.flatMap(({ error }) => error === undefined ? [] : [error.message]);
  return [textTable(header, rows), ...errors, ...slowLinks(devices)].join("\n");
}

/** One warning for all cameras whose link is too slow. */
export function slowLinks(devices: readonly Pick<ListedDevice, "name" | "bus" | "address" | "speed">[]): string[] {
  const slow = devices.filter(({ speed }) => isSlow(speed));
  if (slow.length === 0) return [];
  const cameras = slow.map(({ name, bus, address }) => `${name} (bus ${bus}, address ${address})`).join(", ");
  return [`${cameras}: USB 2 or slower loses the events of busy scenes; use a port, a cable and a hub of USB 3`];
}

/** Whether a link is slower than USB 3. */
export function isSlow(speed: UsbSpeed): boolean {
  return speed === "low" || speed === "full" || speed === "high";
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
