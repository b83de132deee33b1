/**
 * Framing of the control pipe ("Treuzell" in OpenEB, `treuzell_command_definition.h`): each request on endpoint 0x02
 * is answered by one reply on endpoint 0x82.
 *
 * ```text
 * request and reply:  property u32 | payload size u32 | payload         all little-endian
 * register read:      0x00010102   | 12 | device | address | 1        reply: the same 16 bytes, then the value
 * register write:     0x40010102   | 12 | device | address | value    reply: property, size, device, address
 * refusal:            0x80000000 or-ed to the property; payload: device, address, errno
 * ```
 *
 * Every reply is checked: a write that the camera refused, or a reply to something else, is an error here and not a
 * sensor that behaves oddly later.
 */

import { NeuromorphicError } from "../../errors.ts";
import type { Protocol, Request } from "../../protocol/exchange.ts";
import { failureOf, markRefusal, protocolError } from "../../protocol/failures.ts";
import { describeRegister, type Register, type RegisterAccess, type RegisterWrite } from "../../protocol/registers.ts";

/** What can be asked of a camera. */
export const PROPERTIES = {
  fpgaState: 0x71,
  serial: 0x72,
  releaseVersion: 0x79,
  buildDate: 0x7a,
  deviceCount: 0x1_0000,
  deviceName: 0x1_0001,
  compatibleStrings: 0x1_0003,
  register: 0x1_0102,
} as const;

const WRITE_FLAG = 0x4000_0000;
const FAILURE_FLAG = 0x8000_0000;

const CONTROL_OUT_ENDPOINT = 0x02;
const CONTROL_IN_ENDPOINT = 0x82;
const TIMEOUT_MS = 1_000;
const REPLY_LENGTH = 1_024;
/** A reply that is there already comes at once. */
const STALE_REPLY_TIMEOUT_MS = 50;
/** As many as requests may be ahead of their replies, and some more. */
const MAXIMUM_STALE_REPLIES = 32;

const HEADER_LENGTH = 8;

/** Speaks to a camera's control pipe. Its methods throw a `NeuromorphicError`: "protocol", or the bus's own. */
export class TreuzellConnection {
  /** True from a request until its reply, and those of all that were sent with it, have come and fit. */
  #outOfStep = false;

  /** The registers of one of the board's devices: its sensor, its thermometer. */
  device(number: number): RegisterAccess {
    return {
      readRegister: (register) => this.#readRegister(number, register),
      writeRegister: (register, word) => this.#writeRegisters(number, [{ register, word }]),
      writeRegisters: (writes) => this.#writeRegisters(number, writes),
    };
  }

  *#readRegister(device: number, register: Register): Protocol<number> {
    const operation = `read register ${describeRegister(register)}`;
    const bytes = frame(PROPERTIES.register, [device, register.address, 1]);
    let word = 0;
    const heed = (reply: Uint8Array) => {
      checkHeader(operation, bytes, reply);
      if (reply.length !== 20) fail(operation, `${reply.length} bytes instead of 20`, reply);
      checkEcho(operation, bytes, reply);
      word = view(reply).getUint32(16, true);
    };
    yield* this.#converse([{ operation, bytes, heed }]);
    return word;
  }

  *#writeRegisters(device: number, writes: readonly RegisterWrite[]): Protocol {
    yield* this.#converse(writes.map(({ register, word }) => {
      const operation = `write register ${describeRegister(register)}`;
      const bytes = frame(PROPERTIES.register + WRITE_FLAG, [device, register.address, word]);
      const heed = (reply: Uint8Array) => {
        checkHeader(operation, bytes, reply);
        if (reply.length < 16) fail(operation, `${reply.length} bytes instead of 16 or more`, reply);
        checkEcho(operation, bytes, reply);
      };
      return { operation, bytes, heed };
    }));
  }

  /** A register of a device that may not have it; undefined where the camera refuses. */
  *probeRegister(device: number, { address }: Register): Protocol<number | undefined> {
    const payload = yield* this.query(PROPERTIES.register, [device, address, 1]);
    if (payload === undefined) return undefined;
    const words = new Uint32Array(payload.slice(0, payload.length & ~3).buffer);
    if (words.length === 3 && words[0] === device && words[1] === address) return words[2];
    fail(`probe register 0x${address.toString(16)}`, "answer for another register", payload);
  }

  /** Asks for a property, and returns the payload of the reply, or undefined when the camera refuses. */
  *query(
    property: number,
    parameters: readonly number[] = [],
    replyLength = REPLY_LENGTH,
  ): Protocol<Uint8Array | undefined> {
    const operation = `query property 0x${property.toString(16)}`;
    const bytes = frame(property, parameters);
    let payload: Uint8Array | undefined;
    const heed = (reply: Uint8Array) => {
      if (checkHeader(operation, bytes, reply, "refusal-allowed") === "refused") return;
      const size = view(reply).getUint32(4, true);
      if (reply.length - HEADER_LENGTH < size) {
        fail(operation, `${reply.length - HEADER_LENGTH} bytes of payload instead of ${size}`, reply);
      }
      payload = reply.subarray(HEADER_LENGTH, HEADER_LENGTH + size);
    };
    yield* this.#converse([{ operation, bytes, heed }], replyLength);
    return payload;
  }

  /**
   * Throws away replies that were never fetched: after a request whose reply came late, or did not fit, every later
   * reply would be taken for the answer to the request after its own.
   */
  *#discardReplies(operation: string): Protocol {
    try {
      for (let count = 0; count < MAXIMUM_STALE_REPLIES; ++count) {
        const stale = yield {
          kind: "bulk-in",
          endpoint: CONTROL_IN_ENDPOINT,
          length: REPLY_LENGTH,
          timeoutMs: STALE_REPLY_TIMEOUT_MS,
        };
        if (stale === undefined) return;
      }
    } catch (error) {
      throw error instanceof NeuromorphicError ? failureOf(operation, error) : error;
    }
  }

  *#converse(requests: readonly Request[], replyLength = REPLY_LENGTH): Protocol {
    const [first] = requests;
    if (first === undefined) return;
    if (this.#outOfStep) yield* this.#discardReplies(first.operation);
    this.#outOfStep = true;
    yield {
      kind: "dialogue",
      outEndpoint: CONTROL_OUT_ENDPOINT,
      inEndpoint: CONTROL_IN_ENDPOINT,
      requests,
      replyLength,
      timeoutMs: TIMEOUT_MS,
    };
    this.#outOfStep = false;
  }
}

/** Property, size field, refusals. */
function checkHeader(
  operation: string,
  request: Uint8Array,
  reply: Uint8Array,
  refusals?: "refusal-allowed",
): "refused" | "ok" {
  if (reply.length < 4) fail(operation, `only ${reply.length} bytes`, reply);
  const asked = view(request).getUint32(0, true);
  const answered = view(reply).getUint32(0, true);
  if (answered === FAILURE_FLAG || answered === FAILURE_FLAG + asked) {
    if (refusals === "refusal-allowed") return "refused";
    throw markRefusal(failed(operation, describeRefusal(reply, asked), reply));
  }
  if (answered !== asked) {
    fail(operation, `answer to property 0x${answered.toString(16)} instead of 0x${asked.toString(16)}`, reply);
  }
  if (reply.length < HEADER_LENGTH) fail(operation, `only ${reply.length} bytes`, reply);
  return "ok";
}

/** Device and address must be those of the request. */
function checkEcho(operation: string, request: Uint8Array, reply: Uint8Array): void {
  for (const [offset, name] of [[8, "device"], [12, "address"]] as const) {
    const asked = view(request).getUint32(offset, true);
    const answered = view(reply).getUint32(offset, true);
    if (answered !== asked) {
      fail(
        operation,
        `answer for ${name} 0x${answered.toString(16)} instead of 0x${asked.toString(16)}`,
        reply,
      );
    }
  }
}

function fail(operation: string, what: string, reply: Uint8Array): never {
  throw failed(operation, what, reply);
}

function failed(operation: string, what: string, reply: Uint8Array): NeuromorphicError {
  return protocolError("protocol", operation, `${what} (reply: ${hexadecimal(reply)})`);
}

/** A request: property, size of the payload, payload of 32-bit words. */
function frame(property: number, payload: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + 4 * payload.length);
  const words = view(bytes);
  words.setUint32(0, property, true);
  words.setUint32(4, 4 * payload.length, true);
  payload.forEach((word, index) => words.setUint32(HEADER_LENGTH + 4 * index, word, true));
  return bytes;
}

function describeRefusal(reply: Uint8Array, asked: number): string {
  if (view(reply).getUint32(0, true) === FAILURE_FLAG) {
    return `the camera does not know the command 0x${asked.toString(16)}`;
  }
  if (reply.length < HEADER_LENGTH + 12) return "the camera refused";
  const [device, address, errno] = [8, 12, 16].map((offset) => view(reply).getUint32(offset, true));
  return `the camera refused: device ${device}, address 0x${address!.toString(16)}, errno ${errno}`;
}

/** The first bytes of a reply, for messages. */
function hexadecimal(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, 24), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return shown === "" ? "none" : bytes.length > 24 ? `${shown}…` : shown;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
