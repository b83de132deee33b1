import { NeuromorphicError } from "../errors.ts";
import type { Usb } from "./usb_types.ts";

/** The browser's WebUSB; undefined where it has none. */
export function navigatorUsb(): Usb | undefined {
  return (globalThis.navigator as { readonly usb?: Usb } | undefined)?.usb;
}

/** What was given, or the browser's; throws "unsupported" with the reason where there is none. */
export function usbOrThrow(given: Usb | undefined, operation: string): Usb {
  const usb = given ?? navigatorUsb();
  if (usb !== undefined) return usb;
  const { isSecureContext } = globalThis as { readonly isSecureContext?: boolean };
  const what = isSecureContext === false
    ? "a page has WebUSB in a secure context only: serve it by https, or from localhost"
    : "this browser has no WebUSB: Chrome, Edge and others made of Chromium have it, on computers and on Android; " +
      "Firefox, Safari and all browsers of iOS do not";
  throw new NeuromorphicError("unsupported", `${operation}: ${what}`, { operation });
}
