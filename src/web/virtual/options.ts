/** What a virtual camera of a page is made of, and its checks. */

import { arrayOf, type Check, object, oneOf, outOfRange, wrongKind } from "../../checks.ts";
import type { VirtualCameraOptions, VirtualFault, VirtualFaultKind, VirtualSource } from "../../virtual/camera.ts";
import { checkRates, commonOptions, fault, sourceWith } from "../../virtual/camera_check.ts";

/** What a virtual camera of a page sees. A recording is a file that the page has, in place of a path. */
export type VirtualWebSource =
  | Exclude<VirtualSource, { kind: "recording" }>
  /** A RAW file in EVT3, of less than 2 GiB, in a loop whose time goes on growing. It is copied. */
  | { readonly kind: "recording"; readonly file: Blob | Uint8Array };

/** What goes wrong, and when: as natively, at endpoints only. */
export interface VirtualWebFault extends Omit<VirtualFault, "kind" | "endpoint" | "function" | "code"> {
  /** What goes wrong. */
  readonly kind: Exclude<VirtualFaultKind, "error">;
  /** 0 (control), 0x02 (commands), 0x82 (replies) or 0x81 (events). */
  readonly endpoint: number;
}

/** A virtual camera of a page: the native one's options, where a page has them. */
export interface VirtualWebOptions extends Omit<VirtualCameraOptions, "source" | "faults"> {
  /** What it sees. Default: the scene with seed 1. */
  readonly source?: VirtualWebSource | undefined;
  /** What goes wrong, and when. Of several at the same passage the first one strikes. Default: none. */
  readonly faults?: readonly VirtualWebFault[] | undefined;
}

const anyFile: Check<Blob | Uint8Array> = (value, name) => {
  if (value instanceof Blob || value instanceof Uint8Array) return value;
  throw wrongKind(name, "a Blob or a Uint8Array", value);
};

const source: Check<VirtualWebSource> = sourceWith(object<Extract<VirtualWebSource, { kind: "recording" }>>({
  kind: oneOf(["recording"]),
  file: anyFile,
}, ["file"]));

const endpointFault: Check<VirtualWebFault> = (value, name) => {
  const { kind, endpoint, ...others } = fault(value, name);
  if (kind === "error" || endpoint === undefined) {
    throw outOfRange(name, "a fault of an endpoint, as a page has no libusb", others.function);
  }
  return { ...others, kind, endpoint };
};

const cameraOptions = object<VirtualWebOptions>({
  ...commonOptions,
  source,
  faults: arrayOf(endpointFault, 256),
});

/**
 * A camera for a page.
 *
 * @throws {TypeError | RangeError} with name, value and range.
 */
export const checkVirtualWebOptions: Check<VirtualWebOptions> = (value, name) => {
  const checked = cameraOptions(value, name);
  checkRates(checked, name);
  return checked;
};
