import type { NeuromorphicError } from "../../errors.ts";

/** One thing that the doctor has looked at. */
export interface Finding {
  /** `"ok"`; `"warning"`: it works, but not well, or not everything; `"problem"`: a camera cannot be used so. */
  readonly status: "ok" | "warning" | "problem";
  /** What was looked at, for example `"libusb"` or `"Prophesee EVK4 00050ABC"`. */
  readonly subject: string;
  /** What was found, and what to do about it. */
  readonly message: string;
}

/** A finding as one line. */
export function formatFinding({ status, subject, message }: Finding): string {
  return `${status.padEnd("problem".length)}  ${subject}: ${message.replaceAll(/\s*\n\s*/g, " | ")}`;
}

/** An error's message without the device that it begins with: a finding has a subject of its own. */
export function messageOf({ message, device }: NeuromorphicError): string {
  return device !== undefined && message.startsWith(`${device}: `) ? message.slice(device.length + 2) : message;
}
