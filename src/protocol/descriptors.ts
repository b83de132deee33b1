/** USB descriptors: what a device says of itself, and how that is shown. */

import { NeuromorphicError } from "../errors.ts";
import type { Protocol } from "./exchange.ts";
import { isGone } from "./failures.ts";

/** What is used of a device descriptor (USB 3.2, 9.6.1). */
export interface DeviceDescriptor {
  readonly vendorId: number;
  readonly productId: number;
  /** bcdDevice: the device's release, for example 0x0307. */
  readonly release: number;
  /** Numbers of the strings; 0 where there is none. */
  readonly manufacturerString: number;
  readonly productString: number;
}

const DEVICE = 1;
const STRING = 3;
const DEVICE_DESCRIPTOR_LENGTH = 18;
/** A descriptor tells its length in one byte, so none is longer. */
const LONGEST_DESCRIPTOR = 255;
const US_ENGLISH = 0x0409;

/** The device descriptor; undefined where the device does not answer with one. Throws only where it is gone. */
export function* readDeviceDescriptor(): Protocol<DeviceDescriptor | undefined> {
  const bytes = yield* readDescriptor(DEVICE, 0, 0, DEVICE_DESCRIPTOR_LENGTH);
  if (bytes === undefined || bytes.length < DEVICE_DESCRIPTOR_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    vendorId: view.getUint16(8, true),
    productId: view.getUint16(10, true),
    release: view.getUint16(12, true),
    manufacturerString: view.getUint8(14),
    productString: view.getUint8(15),
  };
}

/**
 * What a device calls itself, by its manufacturer and product strings in whole length, escaped: `"Prophesee EVK4"`.
 * Undefined where it names no product. Throws only where the device is gone.
 *
 * These are standard requests, which any device may be asked.
 */
export function* readDeviceName(): Protocol<string | undefined> {
  const device = yield* readDeviceDescriptor();
  if (device === undefined || device.productString === 0) return undefined;
  const language = yield* readLanguage();
  if (language === undefined) return undefined;
  const product = yield* readString(device.productString, language);
  if (product === undefined) return undefined;
  const { manufacturerString } = device;
  const manufacturer = manufacturerString === 0 ? undefined : yield* readString(manufacturerString, language);
  const isNamed = manufacturer === undefined || product.toLowerCase().startsWith(manufacturer.toLowerCase());
  return isNamed ? product : `${manufacturer} ${product}`;
}

/** English where the device speaks it, else its first language; undefined where it has no strings. */
function* readLanguage(): Protocol<number | undefined> {
  const bytes = yield* readDescriptor(STRING, 0, 0, LONGEST_DESCRIPTOR);
  if (bytes === undefined) return undefined;
  const languages = codeUnits(bytes);
  return languages.includes(US_ENGLISH) ? US_ENGLISH : languages[0];
}

/** A string, escaped; undefined where there is none, or nothing but blanks in it. */
function* readString(index: number, language: number): Protocol<string | undefined> {
  const bytes = yield* readDescriptor(STRING, index, language, LONGEST_DESCRIPTOR);
  if (bytes === undefined) return undefined;
  const text = escapeLine(String.fromCharCode(...codeUnits(bytes)).toWellFormed().replace(/\0+$/, "").trim());
  return text === "" ? undefined : text;
}

/** A descriptor of a type; undefined where the device does not answer with one. Throws only where it is gone. */
function* readDescriptor(
  type: number,
  number: number,
  index: number,
  length: number,
): Protocol<Uint8Array | undefined> {
  const value = type << 8 | number;
  try {
    const reply = yield {
      kind: "control-in",
      requestType: 0x80,
      request: 0x06,
      value,
      index,
      length,
      timeoutMs: 1_000,
    };
    if (reply === undefined || reply.length < 2 || reply[1] !== type) return undefined;
    return reply.subarray(0, Math.max(2, reply[0]!));
  } catch (error) {
    if (!(error instanceof NeuromorphicError) || isGone(error)) throw error;
    return undefined;
  }
}

/** The 16-bit units of a string descriptor; half a unit at its end is left out. */
function codeUnits(bytes: Uint8Array): number[] {
  const count = (bytes.length - 2) >> 1;
  return Array.from({ length: count }, (_, unit) => bytes[2 + 2 * unit]! | bytes[3 + 2 * unit]! << 8);
}

/** A text as one line: the ends of lines in it are escaped, too. */
function escapeLine(text: string): string {
  return escapeControls(text).replaceAll("\n", "\\u000a");
}

/** What a device says, for a message: in quotes, and what a terminal would obey is escaped. */
export function quote(text: string): string {
  return escapeControls(JSON.stringify(text));
}

/**
 * Text as a terminal may get it: what it would obey (control characters but for the end of a line, changes of the
 * direction of writing) is escaped.
 */
export function escapeControls(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
