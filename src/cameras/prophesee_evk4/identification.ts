/**
 * Which camera answers: system byte, serial, manufacturer and product.
 *
 * Several boards share the vendor and product ids (04B4:00F4 is an EVK3 as well); the system byte tells them apart.
 * Source: neuromorphic-drivers 0.16.1, `prophesee_evk4.rs`, `read_serial` and the start of `open`.
 */

import { NeuromorphicError } from "../../errors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import { PROPERTIES, TreuzellConnection } from "./protocol.ts";

/** Answered by the IMX636 boards; 0x30 is an EVK3 HD (Gen4.1). */
const SYSTEM_BYTE_IMX636 = 0x31;

/** Property, size and a serial of up to 64 bits. */
const SERIAL_REPLY_LENGTH = 16;

/** Serial in upper-case hexadecimal, or undefined when the device is no EVK4. */
export function* identify(): Protocol<{ readonly serial: string } | undefined> {
  // Vendor request 0x72: two bytes, the first tells the system.
  const system = yield {
    kind: "control-in",
    requestType: 0xc0,
    request: 0x72,
    value: 0,
    index: 0,
    length: 2,
    timeoutMs: 1_000,
  };
  if (system?.length !== 2 || system[0] !== SYSTEM_BYTE_IMX636) return undefined;
  const connection = new TreuzellConnection();
  try {
    return { serial: yield* querySerial(connection) };
  } catch (error) {
    if (!(error instanceof NeuromorphicError) || (error.code !== "protocol" && error.code !== "io")) throw error;
    // A program that was killed between a request and its reply leaves the reply in the pipe. Once more: the connection
    // throws it away first.
    return { serial: yield* querySerial(connection) };
  }
}

function* querySerial(connection: TreuzellConnection): Protocol<string> {
  return parseSerial(yield* connection.query(PROPERTIES.serial, [], SERIAL_REPLY_LENGTH));
}

/** The serial in the payload of a reply; throws "protocol" where there is none. */
export function parseSerial(payload: Uint8Array | undefined): string {
  if (payload !== undefined && payload.length >= 4) return formatSerial(payload);
  const reply = payload === undefined ? "the camera refused" : `only ${payload.length} bytes`;
  throw protocolError("protocol", "read serial", reply);
}

/** A little-endian number of 4 or 8 bytes as at least 8 upper-case hexadecimal digits. */
export function formatSerial(payload: Uint8Array): string {
  const length = payload.length >= 8 ? 8 : 4;
  const digits = Array.from(payload.subarray(0, length), (byte) => byte.toString(16).padStart(2, "0")).reverse().join(
    "",
  );
  return digits.toUpperCase().replace(/^0+(?=.{8})/, "");
}

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

const US_ENGLISH = 0x0409;

/** Manufacturers and products of the cameras that speak this protocol, and the language in which they say so. */
export const EXPECTED_DESCRIPTORS: readonly ExpectedDescriptor[] = [
  { name: "languages", value: 0x0300, index: 0, accepted: [Uint8Array.of(4, 3, US_ENGLISH & 0xff, US_ENGLISH >> 8)] },
  {
    name: "manufacturer",
    value: 0x0301,
    index: US_ENGLISH,
    accepted: ["Prophesee", "CenturyArks", "IDS Imaging Development Systems GmbH"].map(stringDescriptor),
  },
  { name: "product", value: 0x0302, index: US_ENGLISH, accepted: ["EVK4", "UE-39B0XCP"].map(stringDescriptor) },
];

/** Throws "unsupported" when the camera's string is none of the expected ones. */
export function* checkDescriptor({ name, value, index, accepted }: ExpectedDescriptor): Protocol {
  // The first byte of a descriptor is its whole length, so a longer one differs even where it is cut here.
  const length = Math.max(...accepted.map((descriptor) => descriptor.length));
  const reply = yield { kind: "control-in", requestType: 0x80, request: 0x06, value, index, length, timeoutMs: 1_000 };
  if (reply !== undefined && accepted.some((descriptor) => equalBytes(descriptor, reply))) return;
  const text = decodeDescriptor(reply ?? new Uint8Array(0));
  throw protocolError("unsupported", `check ${name}`, `"${text}" is not supported`);
}

/** A USB string descriptor: whole length, type 3, UTF-16LE. */
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

function decodeDescriptor(bytes: Uint8Array): string {
  return new TextDecoder("utf-16le").decode(bytes.subarray(2));
}

function equalBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
