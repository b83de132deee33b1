/** What a board with a Gen3.1 answers, from a register file of each of its devices; no bus is needed to ask it. */

import type { Protocol, Transfer } from "../../../../src/protocol/exchange.ts";
import { reply } from "../../testing/evk4_model.ts";
import { type SingleExchange, withoutDialogues } from "../../testing/without_dialogues.ts";

export interface Gen31ModelOptions {
  /** Register 0x0800; undefined: the board refuses to read it. */
  systemId?: number | undefined;
}

const text = (...strings: string[]) => new TextEncoder().encode(strings.map((string) => `${string}\0`).join(""));
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

/** Of USB: vendor and product stand from byte 8 on. */
const DEVICE_DESCRIPTOR = Uint8Array.of(18, 1, 0, 3, 0, 0, 0, 9, 0xf7, 0x31, 0x02, 0, 9, 3, 1, 2, 3, 1);

export class Gen31Model {
  /** Registers by device and address: `"0 0x00000800"`. Those not named hold 0. */
  readonly registers: Map<string, number>;
  /** Bits that the board sets in what it answers, also where 0 was written. */
  readonly alwaysSet = new Map<string, number>();
  /** Register accesses and waits, in the form of OpenEB's recordings. */
  readonly lines: string[] = [];
  readonly #replies: Uint8Array[] = [];
  readonly #options: Gen31ModelOptions;

  constructor(options: Gen31ModelOptions = { systemId: 0x28 }) {
    this.#options = options;
    // Reset values of OpenEB's register map, a warm camera, and a light meter that has a value.
    this.registers = new Map([
      ["0 0x00000000", 0x000d_8118],
      ["0 0x00000218", 0x9020_0c03],
      ["0 0x00000800", options.systemId ?? 0],
      ["1 0x00000000", 0x29],
    ]);
  }

  /** Register accesses and waits since the last call. */
  takeLines(): string[] {
    return this.lines.splice(0);
  }

  /** Asks a protocol for one exchange after the other, and answers. */
  carryOut<Result>(protocol: Protocol<Result>): Result {
    const exchanges = withoutDialogues(protocol);
    let step = exchanges.next();
    while (step.done !== true) step = exchanges.next(this.#exchange(step.value));
    return step.value;
  }

  /** The reply to a transfer; undefined where nothing comes. */
  answer(transfer: Transfer): Uint8Array | undefined {
    switch (transfer.kind) {
      case "bulk-out":
        this.#replies.push(this.#answer(transfer.bytes));
        return undefined;
      case "bulk-in":
        return transfer.endpoint === 0x81 ? undefined : this.#replies.shift();
      case "control-in":
        return DEVICE_DESCRIPTOR;
      case "alternate-setting":
        return undefined;
      case "clear-halt":
        this.lines.push("CLEAR_HALT 0x81");
        return undefined;
      default:
        throw new Error(`this camera gets no ${transfer.kind}`);
    }
  }

  #exchange(exchange: SingleExchange): Uint8Array | undefined {
    switch (exchange.kind) {
      case "wait":
        this.lines.push(`WAIT_US ${exchange.us}`);
        return undefined;
      case "limit":
      case "begin":
      case "drain":
        return undefined;
      default:
        return this.answer(exchange);
    }
  }

  #answer(request: Uint8Array): Uint8Array {
    const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
    const property = view.getUint32(0, true);
    const device = request.length > 8 ? view.getUint32(8, true) : 0;
    switch (property) {
      case 0x72:
        return reply(property, words(0x0005_0abc));
      case 0x79:
        return reply(property, words(0x0003_0900));
      case 0x7a:
        return reply(property, words(1_700_000_000, 0));
      case 0x1_0000:
        return reply(property, words(2));
      case 0x1_0001:
        return reply(property, Uint8Array.of(...words(device), ...text("CCam5 FPGA Event-Based Camera")));
      case 0x1_0003:
        return reply(property, Uint8Array.of(...words(device), ...text("psee,ccam5_fpga")));
      case 0x1_0102: {
        const address = view.getUint32(12, true);
        if (address === 0x0800 && this.#options.systemId === undefined) {
          return reply(0x8001_0102, words(device, address, 22));
        }
        const key = `${device} ${hex(address)}`;
        const value = ((this.registers.get(key) ?? 0) | (this.alwaysSet.get(key) ?? 0)) >>> 0;
        this.lines.push(`R ${key} ${hex(value)}`);
        return Uint8Array.of(...request.subarray(0, 16), ...words(value));
      }
      case 0x4001_0102: {
        const [key, value] = [`${device} ${hex(view.getUint32(12, true))}`, view.getUint32(16, true)];
        this.registers.set(key, value);
        this.lines.push(`W ${key} ${hex(value)}`);
        return reply(property, request.subarray(8, 16));
      }
      default:
        return reply(0x8000_0000, new Uint8Array(0));
    }
  }
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, "0")}`;
}
