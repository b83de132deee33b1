/** What an EVK4 answers, from a register file; no bus is needed to ask it. */

import type { Transfer } from "../../../src/protocol/exchange.ts";

export interface Evk4ModelOptions {
  /** Answer to the vendor request; 0x31 first is an IMX636. */
  system?: Uint8Array;
  /** Payload of the serial's reply. */
  serial?: Uint8Array;
  manufacturer?: string;
  product?: string;
  /** Changes a reply on the control pipe before it is delivered; undefined: nothing is delivered. */
  alterReply?: (reply: Uint8Array, request: Uint8Array) => Uint8Array | undefined;
  /** What the event endpoint still holds. */
  staleEvents?: Uint8Array[];
}

/** Bits that are set whatever is written: the filters' memories are initialised, the dead time is measured. */
const ALWAYS_SET: ReadonlyMap<number, number> = new Map([[0xc0c4, 4], [0xd0c4, 4], [0x0020, 0x1000_05dc]]);

export class Evk4Model {
  readonly registers: Map<number, number> = new Map([
    // Conversion done, code 400.
    [0x0050, 0x990],
    // Valid, counter 123456.
    [0x0010, 0x2001_e240],
  ]);
  /** Replies that wait on the control pipe. */
  readonly replies: Uint8Array[] = [];
  readonly #options: Evk4ModelOptions;

  constructor(options: Evk4ModelOptions = {}) {
    this.#options = options;
  }

  /** The reply to a transfer; undefined where nothing comes. */
  answer(transfer: Transfer): Uint8Array | undefined {
    switch (transfer.kind) {
      case "control-in":
        return this.#descriptor(transfer.requestType, transfer.value).subarray(0, transfer.length);
      case "control-out":
        throw new Error(`an EVK4 gets no control data: request ${transfer.request}`);
      case "bulk-out": {
        const { alterReply } = this.#options;
        const reply = this.#answer(transfer.bytes);
        const altered = alterReply === undefined ? reply : alterReply(reply, transfer.bytes);
        if (altered !== undefined) this.replies.push(altered);
        return undefined;
      }
      case "clear-halt":
      case "alternate-setting":
        return undefined;
      case "bulk-in":
        return transfer.endpoint === 0x81 ? this.#options.staleEvents?.shift() : this.replies.shift();
    }
  }

  #descriptor(requestType: number, value: number): Uint8Array {
    const { system = Uint8Array.of(0x31, 0), manufacturer = "Prophesee", product = "EVK4" } = this.#options;
    if (requestType === 0xc0) return system;
    if (value === 0x0300) return Uint8Array.of(4, 3, 9, 4);
    const text = value === 0x0301 ? manufacturer : product;
    const units = Uint16Array.from(text, (character) => character.charCodeAt(0));
    return Uint8Array.of(2 + 2 * text.length, 3, ...new Uint8Array(units.buffer));
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
        const word = (this.registers.get(address) ?? 0) | (ALWAYS_SET.get(address) ?? 0);
        const value = new Uint8Array(Uint32Array.of(word).buffer);
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

/** A reply: property, size, payload. */
export function reply(property: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(...new Uint8Array(Uint32Array.of(property, payload.length).buffer), ...payload);
}
