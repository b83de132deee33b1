/**
 * What a board says of itself: system byte, serial, firmware.
 *
 * Several boards share vendor and product ids (04B4:00F4 is an EVK3 as well as an EVK4); the system byte tells them
 * apart. Source: neuromorphic-drivers 0.16.1, `prophesee_evk4.rs`, `read_serial` and the start of `open`.
 */

import { NeuromorphicError } from "../../errors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { Firmware } from "../driver.ts";
import { PROPERTIES, TreuzellConnection } from "./connection.ts";

/** Property, size and a serial of up to 64 bits. */
const SERIAL_REPLY_LENGTH = 16;

/** The first device of a board, which is asked for its name. */
const FIRST_DEVICE = 0;

/** The system byte, by which boards with the same ids are told apart; undefined where the device has none. */
export function* readSystemByte(): Protocol<number | undefined> {
  const system = yield {
    kind: "control-in",
    requestType: 0xc0,
    request: 0x72,
    value: 0,
    index: 0,
    length: 2,
    timeoutMs: 1_000,
  };
  return system?.length === 2 ? system[0] : undefined;
}

/** Serial in upper-case hexadecimal, of a board that was just opened. */
export function* readSerial(): Protocol<string> {
  const connection = new TreuzellConnection();
  try {
    return yield* querySerial(connection);
  } catch (error) {
    if (!(error instanceof NeuromorphicError) || (error.code !== "protocol" && error.code !== "io")) throw error;
    // A program that was killed between a request and its reply leaves the reply in the pipe. Once more: the connection
    // throws it away first.
    return yield* querySerial(connection);
  }
}

function* querySerial(connection: TreuzellConnection): Protocol<string> {
  return parseSerial(yield* connection.query(PROPERTIES.serial, [], SERIAL_REPLY_LENGTH));
}

/** What a board answers before anything is written to its sensor; neuromorphic-drivers asks in the same order. */
export function* describeBoard(
  connection: TreuzellConnection,
): Protocol<{ readonly serial: string; readonly firmware: Firmware }> {
  const release = yield* connection.query(PROPERTIES.releaseVersion);
  const date = yield* connection.query(PROPERTIES.buildDate);
  yield* connection.query(PROPERTIES.deviceCount);
  yield* connection.query(PROPERTIES.compatibleStrings, [FIRST_DEVICE]);
  const serial = parseSerial(yield* connection.query(PROPERTIES.serial));
  yield* connection.query(PROPERTIES.deviceCount);
  yield* connection.query(PROPERTIES.deviceName, [FIRST_DEVICE]);
  yield* connection.query(PROPERTIES.compatibleStrings, [FIRST_DEVICE]);
  return { serial, firmware: parseFirmware(release, date) };
}

/** The serial in the payload of a reply; throws "protocol" where there is none. */
function parseSerial(payload: Uint8Array | undefined): string {
  if (payload !== undefined && payload.length >= 4) return formatSerial(payload);
  const reply = payload === undefined ? "the camera refused" : `only ${payload.length} bytes`;
  throw protocolError("protocol", "read serial", reply);
}

/** A little-endian number of 4 or 8 bytes as at least 8 upper-case hexadecimal digits. */
export function formatSerial(payload: Uint8Array): string {
  const length = payload.length >= 8 ? 8 : 4;
  const digits = Array.from(payload.subarray(0, length), (byte) => byte.toString(16).padStart(2, "0")).reverse();
  return digits.join("").toUpperCase().replace(/^0+(?=.{8})/, "");
}

/** Release version: major, minor, patch in bits 31 to 16, 15 to 8, 7 to 0. Build date: Unix seconds, 64 bits. */
function parseFirmware(release: Uint8Array | undefined, date: Uint8Array | undefined): Firmware {
  return Object.freeze({
    version: release?.length === 4 ? `${release[2]! + 256 * release[3]!}.${release[1]}.${release[0]}` : undefined,
    buildDate: date?.length === 8 ? unixDate(date) : undefined,
  });
}

/** Undefined where JavaScript has no such date. */
function unixDate(bytes: Uint8Array): Date | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const date = new Date(1_000 * (view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true)));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
