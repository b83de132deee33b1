/** What the errors of WebUSB mean, and what a user can do about them on each system. */

import { deviceError, type ErrorCode, type NeuromorphicError } from "../errors.ts";
import { reloadUdevRules, type UdevId, udevRule, udevRulesFile, udevRulesFolder } from "../usb/udev_rules.ts";

/** What was tried when an error came. */
export type UsbAction = "open" | "claim" | "transfer";

/** Where it was tried. */
export interface UsbCall {
  readonly action: UsbAction;
  readonly operation: string;
  /** What messages call the device. */
  readonly device: string;
  /** For the rule that lets a user of Linux open it. */
  readonly id: UdevId;
}

/** The systems whose users can do something. */
type System = "linux" | "windows" | "android" | "other";

/** The error of the library that an error of WebUSB stands for. Its name is in the message. */
export function usbError(error: unknown, call: UsbCall): NeuromorphicError {
  const { operation, device } = call;
  const name = nameOf(error);
  const [code, meaning] = meaningOf(name, call.action);
  const remedy = remedyOf(code, call, systemOf(globalThis.navigator?.userAgent ?? ""));
  const what = `${meaning} (${name}: ${textOf(error)})${remedy === undefined ? "" : `. ${remedy}`}`;
  return deviceError(code, what, { operation, device, cause: error });
}

/** The name of a `DOMException` or of another error. */
export function nameOf(error: unknown): string {
  return typeof error === "object" && error !== null && "name" in error ? String(error.name) : "Error";
}

function textOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}

/** One name stands for several failures, so the action decides, too: `NetworkError` of a claim is another holder. */
function meaningOf(name: string, action: UsbAction): readonly [ErrorCode, string] {
  switch (name) {
    case "NotFoundError":
      return action === "transfer" || action === "open"
        ? ["disconnected", "the camera was unplugged"]
        : ["unsupported", "the device has no such interface"];
    case "AbortError":
    case "InvalidStateError":
      return ["closed", "the device was closed"];
    case "SecurityError":
      return ["permission-denied", "the browser or the system refuses access"];
    case "NetworkError":
      if (action === "open") return ["permission-denied", "the system does not open the device"];
      if (action === "claim") {
        return ["busy", "another page, Worker or program uses the camera, or a driver of the system"];
      }
      return ["io", "the transfer failed"];
    default:
      return ["io", "the browser refuses the call"];
  }
}

/** What to do, for a page to show; undefined where nothing helps. */
function remedyOf(code: ErrorCode, { id, action }: UsbCall, system: System): string | undefined {
  if (code === "permission-denied") {
    switch (system) {
      case "linux":
        return "Allow it by a udev rule, then plug the camera in again: " +
          `echo '${udevRule(id)}' | sudo tee ${udevRulesFolder}/${udevRulesFile} && sudo ${
            reloadUdevRules.join(" ")
          }. ` +
          "A Chromium from snap also needs: sudo snap connect chromium:raw-usb";
      case "windows":
        return "The camera needs the driver WinUSB: install it with https://zadig.akeo.ie. " +
          "End other programs that use the camera";
      case "android":
        return "Android asks for a permission of its own: unplug the camera, plug it in again and allow it";
      case "other":
        return action === "open" ? "End other programs that use the camera" : undefined;
    }
  }
  if (code !== "busy") return undefined;
  return system === "windows"
    ? "End them; if there are none, the camera has another driver than WinUSB: install that with https://zadig.akeo.ie"
    : "Close the other tab or end the program, then try again";
}

function systemOf(userAgent: string): System {
  if (/Android/.test(userAgent)) return "android";
  if (/Windows/.test(userAgent)) return "windows";
  return /Linux|CrOS|X11/.test(userAgent) ? "linux" : "other";
}
