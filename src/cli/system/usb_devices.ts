/** USB devices as Linux's sysfs tells of them: without libusb, and without the right to open them. */

import type { UsbSpeed } from "../../types.ts";
import type { SystemFiles } from "./files.ts";

/** A USB device, without what sysfs alone knows. */
export interface UsbDeviceId {
  readonly vendorId: number;
  readonly productId: number;
  readonly bus: number;
  readonly address: number;
  readonly speed: UsbSpeed;
}

/** A USB device of sysfs. */
export interface SysfsDevice extends UsbDeviceId {
  /** Where it is plugged in: the bus, then the port of each hub, for example `"2-1.4"`. It stays after unplugging. */
  readonly port: string;
  /** The kernel's drivers of its interfaces. `"usbfs"` stands for a program that has claimed one. */
  readonly drivers: readonly string[];
}

const root = "/sys/bus/usb/devices";

/** Each name of a device is its port; those of interfaces have a colon, and root hubs are called `usb2`. */
const deviceName = /^\d+-[\d.]+$/;

/** What sysfs calls a speed, in Mb/s. */
const speeds: Readonly<Record<string, UsbSpeed>> = {
  "1.5": "low",
  "12": "full",
  "480": "high",
  "5000": "super",
  "10000": "super-plus",
  "20000": "super-plus",
};

/** All devices that are plugged in; none where there is no sysfs. */
export function readUsbDevices(files: SystemFiles): SysfsDevice[] {
  const names = files.list(root) ?? [];
  return names.filter((name) => deviceName.test(name)).flatMap((port) => {
    const attribute = (name: string) => files.read(`${root}/${port}/${name}`);
    const device: SysfsDevice = {
      port,
      vendorId: Number.parseInt(attribute("idVendor") ?? "", 16),
      productId: Number.parseInt(attribute("idProduct") ?? "", 16),
      bus: Number(attribute("busnum") ?? Number.NaN),
      address: Number(attribute("devnum") ?? Number.NaN),
      speed: speeds[attribute("speed") ?? ""] ?? "unknown",
      drivers: driversOf(files, names.filter((name) => name.startsWith(`${port}:`))),
    };
    const { vendorId, productId, bus, address } = device;
    // One that was unplugged just now has no attributes any more.
    return [vendorId, productId, bus, address].every(Number.isInteger) ? [device] : [];
  });
}

function driversOf(files: SystemFiles, interfaces: readonly string[]): string[] {
  const drivers = interfaces.flatMap((name) => files.target(`${root}/${name}/driver`)?.split("/").at(-1) ?? []);
  return [...new Set(drivers)];
}

/** The device of sysfs that is a device of libusb. */
export function findUsbDevice<Device extends Pick<UsbDeviceId, "bus" | "address">>(
  devices: readonly Device[],
  { bus, address }: Pick<UsbDeviceId, "bus" | "address">,
): Device | undefined {
  return devices.find((device) => device.bus === bus && device.address === address);
}
