import { type Check, wrongKind } from "../checks.ts";
import type { Usb, UsbDevice } from "./usb_types.ts";

/** Something that behaves as `navigator.usb`. */
export const checkUsb: Check<Usb> = (value, name) => {
  if (hasMethods(value, ["getDevices", "addEventListener"])) return value as Usb;
  throw wrongKind(name, "navigator.usb, or an object that behaves alike", value);
};

/** A device as `getDevices()` gives it. */
export const checkUsbDevice: Check<UsbDevice> = (value, name) => {
  if (hasMethods(value, ["open", "transferIn"])) return value as UsbDevice;
  throw wrongKind(name, "a USBDevice, as requestDevice() and getDevices() give it", value);
};

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return typeof value === "object" && value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}
