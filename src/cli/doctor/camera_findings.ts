/** What is wrong with a camera that is plugged in: its link, its driver, who may open it, who has it open. */

import type { ListedDevice } from "../../../mod.ts";
import { driversFor } from "../../cameras/cameras.ts";
import { isSlow } from "../../devices/discovery.ts";
import { candidateNames } from "../../devices/common/identification.ts";
import type { UsbSpeed } from "../../types.ts";
import type { SystemFiles } from "../system/files.ts";
import { findUsbDevice, type SysfsDevice, type UsbDeviceId } from "../system/usb_devices.ts";
import { type Finding, messageOf } from "./finding.ts";
import { knownDevice, namesakeOf } from "./known_devices.ts";
import { findUsersOf } from "./usb_users.ts";

/** What a speed means. */
const speedNames: Readonly<Record<UsbSpeed, string>> = {
  unknown: "at an unknown speed",
  low: "at 1.5 Mb/s (USB 1)",
  full: "at 12 Mb/s (USB 1)",
  high: "at 480 Mb/s (USB 2)",
  super: "at 5 Gb/s (USB 3)",
  "super-plus": "at 10 Gb/s or more (USB 3)",
};

/** The findings about a camera, before it is opened. The files are those of a Linux. */
export function cameraFindings(
  listed: ListedDevice,
  usbDevices: readonly SysfsDevice[],
  files: SystemFiles | undefined,
): Finding[] {
  const subject = subjectOf(listed);
  const usbDevice = findUsbDevice(usbDevices, listed);
  return [
    linkFinding(subject, listed, usbDevice?.port),
    ...driverFindings(subject, usbDevice?.drivers ?? []),
    ...errorFindings(subject, listed, files),
  ];
}

/** What a finding calls a camera; two without a serial are told apart by their place. */
export function subjectOf({ name, serial, bus, address }: ListedDevice): string {
  return serial === undefined ? `${name} (bus ${bus}, address ${address})` : `${name} ${serial}`;
}

function linkFinding(subject: string, { bus, address, speed }: UsbDeviceId, port: string | undefined): Finding {
  const place = port === undefined ? `bus ${bus}, address ${address}` : `port ${port}, address ${address}`;
  const message = `connected ${speedNames[speed]}, ${place}`;
  if (!isSlow(speed)) return { status: "ok", subject, message };
  return {
    status: "warning",
    subject,
    message: `${message}: too slow for busy scenes, whose events are lost; use a port, a cable and a hub of USB 3`,
  };
}

/** A kernel's driver holds an interface until libusb detaches it, which is asked for when the camera is opened. */
function driverFindings(subject: string, drivers: readonly string[]): Finding[] {
  const foreign = drivers.filter((driver) => driver !== "usbfs");
  if (foreign.length === 0) return [];
  const message = `the kernel's driver ${foreign.join(", ")} has the camera; it is detached when the camera is opened`;
  return [{ status: "warning", subject, message }];
}

function errorFindings(subject: string, listed: ListedDevice, files: SystemFiles | undefined): Finding[] {
  const { error } = listed;
  if (error === undefined) return [];
  return [{ status: "problem", subject, message: [messageOf(error), ...hints(listed, files)].join(". ") }];
}

/** What the error itself cannot know. */
function hints(listed: ListedDevice, files: SystemFiles | undefined): string[] {
  switch (listed.error?.code) {
    case "busy": {
      const users = files === undefined ? [] : findUsersOf(listed, files);
      return users.length === 0 ? [] : [`It is open in ${users.join(", ")}: end that`];
    }
    case "unsupported": {
      const namesake = namesakeOf(listed.vendorId, listed.productId);
      return namesake === undefined ? [] : [`A ${namesake.name} has the same ids, and is not supported yet`];
    }
    default:
      return [];
  }
}

/** A finding for each supported camera among devices that cannot be asked, as there is no libusb. */
export function unaskedFindings(devices: readonly SysfsDevice[]): Finding[] {
  return devices.flatMap((device) => {
    const candidates = driversFor(device.vendorId, device.productId);
    return candidates.length === 0 ? [] : [linkFinding(candidateNames(candidates), device, device.port)];
  });
}

/** A finding for each device that is known and not supported. */
export function unsupportedFindings(devices: readonly UsbDeviceId[]): Finding[] {
  return devices.flatMap(({ vendorId, productId, bus, address }) => {
    const known = knownDevice(vendorId, productId);
    if (known === undefined || driversFor(vendorId, productId).length > 0) return [];
    const subject = `${known.name} (bus ${bus}, address ${address})`;
    return [{ status: "warning", subject, message: known.note ?? "a camera that is not supported yet" }];
  });
}
