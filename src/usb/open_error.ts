/** Why a device does not open, and what to do about it where the system is Linux. */

import process from "node:process";
import { type ErrorCode, NeuromorphicError } from "../errors.ts";
import {
  LIBUSB_ERROR_ACCESS,
  LIBUSB_ERROR_IO,
  LIBUSB_ERROR_NO_DEVICE,
  libusbError,
  libusbErrorName,
} from "./errors.ts";
import {
  modeForEverybody,
  reloadUdevRules,
  type UdevId,
  udevRule,
  udevRulesFile,
  udevRulesFolder,
} from "./udev_rules.ts";

/** The device that does not open. */
export interface OpeningDevice extends UdevId {
  readonly bus: number;
  readonly address: number;
}

const operation = "open";

/** How a container gets to see the nodes of USB devices. */
export const containerSees = "run it with --device /dev/bus/usb";

/** How a container gets to use them, also those of cameras that are plugged in while it runs. */
const containerMayUse = "run it with --device-cgroup-rule 'c 189:* rmw' and --volume /dev/bus/usb:/dev/bus/usb";

/** The error of libusb_open. Messages call the device by the description. */
export function openError(
  result: number,
  device: OpeningDevice,
  description: string,
  platform: string = process.platform,
): NeuromorphicError {
  const explained = platform === "linux" ? explain(result, device) : undefined;
  if (explained === undefined) return libusbError(result, { operation, device: description }, platform);
  const { code, meaning, remedy } = explained;
  const message = `${description}: ${operation}: ${meaning} (${libusbErrorName(result)}). ${remedy}`;
  return new NeuromorphicError(code, message, { operation, device: description });
}

interface Explanation {
  readonly code: ErrorCode;
  readonly meaning: string;
  readonly remedy: string;
}

/** libusb opens the device's node (`get_usbfs_fd` in libusb's `linux_usbfs.c`), and tells of it what errno says. */
function explain(result: number, device: OpeningDevice): Explanation | undefined {
  const [bus, address] = [device.bus, device.address].map((number) => String(number).padStart(3, "0"));
  const node = `/dev/bus/usb/${bus}/${address}`;
  switch (result) {
    case LIBUSB_ERROR_ACCESS: // EACCES
      return {
        code: "permission-denied",
        meaning: `the system refuses access to ${node}`,
        remedy: "Allow it by a udev rule, then plug the camera in again: " +
          `echo '${udevRule(device)}' | sudo tee ${udevRulesFolder}/${udevRulesFile} && ` +
          `sudo ${reloadUdevRules.join(" ")} ` +
          `(for users who are not at the machine, as over SSH, with ${modeForEverybody} in place of the tag and the mode)`,
      };
    case LIBUSB_ERROR_IO: // EPERM, and what is rare
      return {
        code: "permission-denied",
        meaning: `${node} cannot be opened`,
        remedy: `Where this is a container, it may not use USB devices: ${containerMayUse}`,
      };
    case LIBUSB_ERROR_NO_DEVICE: // ENOENT
      return {
        code: "disconnected",
        meaning: `the camera was unplugged just now, or ${node} is missing`,
        remedy: `Where this is a container, ${containerSees}`,
      };
    default:
      return undefined;
  }
}
