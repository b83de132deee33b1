/**
 * What a board says of itself: system byte, serial, firmware, devices.
 *
 * Several boards share vendor and product ids (04B4:00F4 is an EVK3 as well as an EVK4); the system byte tells them
 * apart. Source: neuromorphic-drivers 0.18.1, `prophesee_evk4.rs`, `read_serial`; OpenEB 5.1.1, `tz_device_builder.cpp`.
 */

import { NeuromorphicError } from "../../errors.ts";
import type { Protocol } from "../../protocol/exchange.ts";
import { protocolError } from "../../protocol/failures.ts";
import type { CameraIdentity, Firmware } from "../driver.ts";
import { PROPERTIES, TreuzellConnection } from "./connection.ts";

/** Property, size and a serial of up to 64 bits. */
const SERIAL_REPLY_LENGTH = 16;

/** More than any board has: a sensor, a thermometer, … A wrong count shall not keep the bus busy. */
const MAXIMUM_DEVICES = 16;

/** OpenEB refuses firmware below 3.8.0 (`tz_libusb_board_command.cpp`); the other drivers do not look. */
const OLDEST_RELEASE = 0x0003_0800;

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

/** A device of a board. Texts are as it sent them. */
export interface BoardDevice {
  /** By which its registers are asked for. */
  readonly number: number;
  /** For example `"CCam5 Imx636 Event-Based Camera"`; empty where the board does not say. */
  readonly name: string;
  /** For example `["psee,ccam5_imx636", "psee,ccam5_gen42"]`; none where the board does not say. */
  readonly compatible: readonly string[];
}

/** What a board says of itself. */
export interface BoardDescription extends CameraIdentity {
  readonly devices: readonly BoardDevice[];
}

/** What is known of the boards that are asked. */
export interface BoardOptions {
  /** Firmware below this release comes with a warning. Default: 3.8.0. */
  readonly oldestRelease?: number;
}

/** What a board answers before anything is written to it; OpenEB asks in the same order. */
export function* describeBoard(
  connection: TreuzellConnection,
  { oldestRelease = OLDEST_RELEASE }: BoardOptions = {},
): Protocol<BoardDescription> {
  const release = yield* connection.query(PROPERTIES.releaseVersion);
  const date = yield* connection.query(PROPERTIES.buildDate);
  const serial = parseSerial(yield* connection.query(PROPERTIES.serial));
  const count = parseWord(yield* connection.query(PROPERTIES.deviceCount));
  const devices: BoardDevice[] = [];
  // A board that does not count its devices has one.
  for (let number = 0; number < Math.min(count ?? 1, MAXIMUM_DEVICES); ++number) {
    const compatible = parseTexts(yield* connection.query(PROPERTIES.compatibleStrings, [number]));
    const [name = ""] = parseTexts(yield* connection.query(PROPERTIES.deviceName, [number]));
    devices.push({ number, name, compatible });
  }
  return { serial, firmware: parseFirmware(release, date, oldestRelease), devices };
}

/** Texts that end with NUL, after the number of their device. */
function parseTexts(payload: Uint8Array | undefined): string[] {
  const bytes = payload?.subarray(4) ?? new Uint8Array(0);
  return new TextDecoder().decode(bytes).split("\0").filter((text) => text !== "");
}

/** A 32-bit number; undefined where the payload is something else. */
function parseWord(payload: Uint8Array | undefined): number | undefined {
  if (payload?.length !== 4) return undefined;
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
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
function parseFirmware(
  release: Uint8Array | undefined,
  date: Uint8Array | undefined,
  oldestRelease: number,
): Firmware {
  const word = parseWord(release);
  return Object.freeze({
    version: word === undefined ? undefined : formatRelease(word),
    buildDate: date?.length === 8 ? unixDate(date) : undefined,
    warning: word === undefined || word >= oldestRelease ? undefined : oldRelease(word, oldestRelease),
  });
}

function formatRelease(word: number): string {
  return `${word >>> 16}.${word >>> 8 & 0xff}.${word & 0xff}`;
}

function oldRelease(word: number, oldestRelease: number): string {
  const oldest = formatRelease(oldestRelease);
  return `firmware ${
    formatRelease(word)
  } is older than ${oldest}, and Prophesee's OpenEB does not open such a camera; ` +
    "update it with the maker's tool";
}

/** Undefined where JavaScript has no such date. */
function unixDate(bytes: Uint8Array): Date | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const date = new Date(1_000 * (view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true)));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
