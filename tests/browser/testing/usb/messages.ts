/** What the page's `navigator.usb` and the test's `Usb` tell each other: a JSON header and bytes. */

import type { UsbDevice } from "../../../../src/web/usb_types.ts";

/** Methods of a device that travel as they are. */
export const deviceMethods = [
  "open",
  "close",
  "selectConfiguration",
  "claimInterface",
  "releaseInterface",
  "selectAlternateInterface",
  "clearHalt",
  "controlTransferIn",
  "controlTransferOut",
  "transferIn",
  "transferOut",
] as const satisfies readonly (keyof UsbDevice)[];

/** One of them. */
export type DeviceMethod = (typeof deviceMethods)[number];

/** What changes of a device while it is used. */
export interface DeviceState {
  readonly opened: boolean;
  readonly configuration: UsbDevice["configuration"];
}

/** What a device says of itself, and its number on the bridge. */
export interface DeviceDescription extends DeviceState {
  readonly number: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly usbVersionMajor: number;
  readonly usbVersionMinor: number;
  readonly productName: string | null;
  readonly manufacturerName: string | null;
  readonly serialNumber: string | null;
  readonly configurations: UsbDevice["configurations"];
}

/** From the page: a call. Bytes are the last parameter. */
export type Call =
  | { readonly id: number; readonly method: "getDevices" }
  | { readonly id: number; readonly method: DeviceMethod; readonly device: number; readonly parameters: unknown[] };

/** To the page: what became of a call, or what was heard of a device. */
export type Told =
  | { readonly id: number; readonly devices: readonly DeviceDescription[] }
  /** Bytes are the data of a transfer that has some. */
  | { readonly id: number; readonly state: DeviceState; readonly result: Result | undefined }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } }
  | Heard;

/** A device came or went. */
export interface Heard {
  readonly event: "connect" | "disconnect";
  readonly device: DeviceDescription;
}

/** Of a transfer: the fields of both directions, but for the data. */
export interface Result {
  readonly status?: string | undefined;
  readonly bytesWritten?: number | undefined;
  readonly hasData: boolean;
}

/** Packs a message: the length of the header, the header, the bytes. */
export function pack(header: Call | Told, bytes: Uint8Array = new Uint8Array()): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(4 + text.length + bytes.length);
  new DataView(message.buffer).setUint32(0, text.length, true);
  message.set(text, 4);
  message.set(bytes, 4 + text.length);
  return message.buffer;
}

/** The header and a copy of the bytes, in memory of their own. */
export function unpack<Header extends Call | Told>(message: ArrayBuffer): { header: Header; bytes: ArrayBuffer } {
  const length = new DataView(message).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length)));
  return { header, bytes: message.slice(4 + length) };
}
