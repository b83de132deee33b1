/** USB string descriptors: what a device says of itself. */

import type { Protocol } from "./exchange.ts";
import { protocolError } from "./failures.ts";

/** What a string descriptor must say. */
export interface ExpectedDescriptor {
  /** For messages. */
  readonly name: string;
  /** wValue and wIndex of GET_DESCRIPTOR. */
  readonly value: number;
  readonly index: number;
  /** Whole descriptors, one of which must come. */
  readonly accepted: readonly Uint8Array[];
}

/** Throws "unsupported" when the device's descriptor is none of the accepted ones. */
export function* checkDescriptor({ name, value, index, accepted }: ExpectedDescriptor): Protocol {
  // The first byte of a descriptor is its whole length, so a longer one differs even where it is cut here.
  const length = Math.max(...accepted.map((descriptor) => descriptor.length));
  const reply = yield { kind: "control-in", requestType: 0x80, request: 0x06, value, index, length, timeoutMs: 1_000 };
  if (reply !== undefined && accepted.some((descriptor) => areEqual(descriptor, reply))) return;
  const text = new TextDecoder("utf-16le").decode(reply?.subarray(2));
  throw protocolError("unsupported", `check ${name}`, `${quote(text)} is not supported`);
}

/** A string descriptor: whole length, type 3, UTF-16LE. */
export function stringDescriptor(text: string): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  bytes[0] = bytes.length;
  bytes[1] = 3;
  for (let index = 0; index < text.length; ++index) {
    bytes[2 + 2 * index] = text.charCodeAt(index) & 0xff;
    bytes[3 + 2 * index] = text.charCodeAt(index) >> 8;
  }
  return bytes;
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

function areEqual(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
