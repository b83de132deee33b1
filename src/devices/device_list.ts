import { NeuromorphicError } from "../errors.ts";
import type { UsbSpeed } from "../types.ts";
import { type BusDevice, describeDevice, identify } from "./identify.ts";
import { type DriverCandidate, findDrivers } from "../cameras/registry.ts";

/** A supported camera that is connected. */
export interface ListedDevice {
  /** The product, for example `"Prophesee EVK4"`. */
  readonly name: string;
  /** Type of the driver, for example `"prophesee-evk4"`. */
  readonly type: string;
  readonly vendorId: number;
  readonly productId: number;
  /** Number of the USB bus. */
  readonly bus: number;
  /** Address on the bus. */
  readonly address: number;
  /** Speed of the USB link, for example `"super"`. */
  readonly speed: UsbSpeed;
  /** Serial in upper-case hexadecimal; undefined where it could not be read. */
  readonly serial: string | undefined;
  /** What kept the serial from being read: "busy" where a program uses the camera, "permission-denied", … */
  readonly error: NeuromorphicError | undefined;
}

/** What a list needs of a USB device; a `UsbDevice` is one. */
export type ListableDevice = BusDevice & Pick<ListedDevice, "speed">;

/** Asks each device that has a camera's ids for its serial; each is closed again before the next is opened. */
export function describeDevices(devices: readonly ListableDevice[]): ListedDevice[] {
  return devices.flatMap((device) => {
    const candidates = findDrivers(device.vendorId, device.productId);
    return candidates.length === 0 ? [] : [listDevice(device, candidates)];
  });
}

/** Asks a device that has the candidates' ids for its serial, and closes it again. */
export function listDevice(device: ListableDevice, candidates: readonly DriverCandidate[]): ListedDevice {
  const { vendorId, productId, bus, address, speed } = device;
  const [{ driver, usbId }] = candidates as [DriverCandidate];
  const known = { name: usbId.name, type: driver.type, vendorId, productId, bus, address, speed };
  try {
    const camera = identify(device, candidates);
    camera?.handle.close();
    if (camera !== undefined) return { ...known, type: camera.driver.type, serial: camera.serial, error: undefined };
    const subject = describeDevice(device, candidates);
    throw new NeuromorphicError("unsupported", `${subject}: has the ids of this camera, but is another device`, {
      operation: "list devices",
      device: subject,
    });
  } catch (error) {
    if (!(error instanceof NeuromorphicError)) throw error;
    return { ...known, serial: undefined, error };
  }
}

/**
 * A table of devices for a terminal, without a newline at the end. Below it stand the errors of those whose serial could
 * not be read; where there are no devices, it says so.
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
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd();
  const errors = devices.flatMap(({ error }) => error === undefined ? [] : [error.message]);
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ...errors].join("\n");
}

function hexadecimal(id: number): string {
  return id.toString(16).padStart(4, "0");
}
