/**
 * An EVK4 that exists in a test: it answers the control protocol from a register file and records every transfer and
 * wait, one line each, in the format of the golden transcripts.
 */

import { NeuromorphicError } from "../../../src/errors.ts";
import type { ControlInRequest, ControlOutRequest } from "../../../src/protocol/exchange.ts";
import type { Settling } from "../../../src/protocol/settling.ts";
import type { UsbHandle } from "../../../src/usb/usb_handle.ts";

export interface RecordingCameraOptions {
  /** Answer to the vendor request; 0x31 first is an IMX636. */
  system?: Uint8Array;
  /** Payload of the serial's reply. */
  serial?: Uint8Array;
  manufacturer?: string;
  product?: string;
  /** Changes a reply on the control pipe before it is delivered; undefined: nothing is delivered. */
  alterReply?: (reply: Uint8Array, request: Uint8Array) => Uint8Array | undefined;
  /** Which transfers (counted from 0) fail, and how. */
  fail?: { at: (transfer: number) => boolean; error: () => Error };
  /** What the event endpoint still holds. */
  staleEvents?: Uint8Array[];
}

export class RecordingCamera implements UsbHandle {
  readonly description: string;
  readonly lines: string[] = [];
  readonly registers: Map<number, number> = new Map([
    // Conversion done, code 400.
    [0x0050, 0x990],
    // Valid, counter 123456.
    [0x0010, 0x2001_e240],
  ]);
  /** Replies that wait on the control pipe. */
  readonly replies: Uint8Array[] = [];
  /** Transfers of any kind so far. */
  transfers = 0;
  closed = false;
  readonly #options: RecordingCameraOptions;

  constructor(options: RecordingCameraOptions = {}, description = "recorded camera") {
    this.description = description;
    this.#options = options;
  }

  /** Records waits, and lets none pass. */
  readonly settling: Settling = {
    wait: (us, signal) => {
      this.lines.push(`WAIT_US ${us}`);
      return signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve();
    },
    waitSync: (us) => {
      this.lines.push(`WAIT_US ${us}`);
    },
    timeoutMs: (ms) => ms,
    turn: () => new Promise((resolve) => setTimeout(resolve)),
  };

  /** The lines since the last call. */
  takeLines(): string[] {
    return this.lines.splice(0);
  }

  autoDetachKernelDriver(): void {
    this.lines.push("AUTO_DETACH_KERNEL_DRIVER");
  }

  claimInterface(number: number): void {
    this.#transfer(`CLAIM ${number}`);
  }

  controlIn({ requestType, request, value, index, length, timeoutMs }: ControlInRequest): Uint8Array {
    const hex = (number: number, digits: number) => `0x${number.toString(16).padStart(digits, "0")}`;
    this.#transfer(
      `CTRL_IN type=${hex(requestType, 2)} request=${hex(request, 2)} value=${hex(value, 4)} ` +
        `index=${hex(index, 4)} length=${length} timeout_ms=${timeoutMs}`,
    );
    const { system = Uint8Array.of(0x31, 0), manufacturer = "Prophesee", product = "EVK4" } = this.#options;
    if (requestType === 0xc0 && request === 0x72) return system.subarray(0, length);
    if (value === 0x0300) return Uint8Array.of(4, 3, 9, 4).subarray(0, length);
    const text = value === 0x0301 ? manufacturer : product;
    const units = Uint16Array.from(text, (character) => character.charCodeAt(0));
    return Uint8Array.of(2 + 2 * text.length, 3, ...new Uint8Array(units.buffer)).subarray(0, length);
  }

  controlOut({ request }: ControlOutRequest): void {
    throw new Error(`an EVK4 gets no control data: request ${request}`);
  }

  bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): void {
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#transfer(`BULK_OUT 0x${endpoint.toString(16).padStart(2, "0")} ${hex} timeout_ms=${timeoutMs}`);
    const reply = this.#answer(bytes);
    const altered = this.#options.alterReply === undefined ? reply : this.#options.alterReply(reply, bytes);
    if (altered !== undefined) this.replies.push(altered);
  }

  bulkIn(endpoint: number, length: number, timeoutMs: number): Uint8Array | undefined {
    this.#transfer(`BULK_IN 0x${endpoint.toString(16)} max=${length} timeout_ms=${timeoutMs}`);
    if (endpoint === 0x81) return this.#options.staleEvents?.shift();
    const reply = this.replies.shift();
    if (reply !== undefined && reply.length > length) throw ioError();
    return reply;
  }

  close(): void {
    this.closed = true;
  }

  #transfer(line: string): void {
    const { fail } = this.#options;
    const number = this.transfers++;
    this.lines.push(line);
    if (fail?.at(number)) throw fail.error();
  }

  #answer(request: Uint8Array): Uint8Array {
    const words = new DataView(request.buffer, request.byteOffset, request.byteLength);
    const property = words.getUint32(0, true);
    switch (property) {
      case 0x72:
        return reply(property, this.#options.serial ?? Uint8Array.of(0xbc, 0x0a, 0x05, 0x00));
      case 0x79:
        return reply(property, Uint8Array.of(1, 9, 3, 0));
      case 0x7a:
        return reply(property, new Uint8Array(new BigUint64Array([1_700_000_000n]).buffer));
      case 0x1_0102: {
        const address = words.getUint32(12, true);
        const value = new Uint8Array(Uint32Array.of(this.registers.get(address) ?? 0).buffer);
        return Uint8Array.of(...request.subarray(0, 16), ...value);
      }
      case 0x4001_0102:
        this.registers.set(words.getUint32(12, true), words.getUint32(16, true));
        return reply(property, request.subarray(8, 16));
      default:
        return reply(property, new Uint8Array(4));
    }
  }
}

/** One transfer, counted from 0. */
export function only(transfer: number): (transfer: number) => boolean {
  return (other) => other === transfer;
}

/** A transfer and all after it. */
export function from(transfer: number): (transfer: number) => boolean {
  return (other) => other >= transfer;
}

export function ioError(): NeuromorphicError {
  return new NeuromorphicError("io", "bulk transfer: LIBUSB_ERROR_IO");
}

/** A reply: property, size, payload. */
export function reply(property: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(...new Uint8Array(Uint32Array.of(property, payload.length).buffer), ...payload);
}
