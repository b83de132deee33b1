/** What a CX3 board with a GenX320 answers, from a register file; no bus is needed to ask it. */

import type { Protocol, Transfer } from "../../../../src/protocol/exchange.ts";
import { descriptorOf } from "../../testing/descriptors.ts";
import { reply } from "../../testing/evk4_model.ts";
import { type SingleExchange, withoutDialogues } from "../../testing/without_dialogues.ts";

export interface Genx320ModelOptions {
  /** Default: that of an early sensor. */
  readonly chipId?: number;
  /** First byte of the answer to the vendor request. Default: 0x40. */
  readonly system?: number;
}

export const EARLY_CHIP_ID = 0x3050_1c01;
export const PRODUCTION_CHIP_ID = 0xb060_2003;

/** Reset values of OpenEB's register map, of the registers that are changed by bits. */
const RESET_VALUES: readonly (readonly [address: number, word: number])[] = [
  [0x0044, 0x14],
  [0x004c, 0x0020_4e20],
  [0x0054, 0x4008_0000],
  [0x005c, 0x80],
  [0x00bc, 0x3fff_ffff],
  [0x00c0, 0xf8],
  [0x0608, 0x0421_4ea2],
  [0x6014, 0x2010],
  [0x6020, 0x80],
  [0x6024, 0x101],
  [0x602c, 0x80],
  [0x60a0, 1],
  [0x60b4, 1],
  [0x7040, 0xc5ff],
  [0x9008, 0x320],
  [0xc008, 0x34],
  [0xc00c, 0x0008_9c0f],
  [0xc0c0, 0x0505_af3c],
  [0xd008, 0x0100_4e20],
  [0xd00c, 0x0003_0d40],
  [0xd010, 0x0001_022d],
  [0xd0c0, 0x0511_8004],
  [0xe008, 0x400],
  [0xe00c, 0x20],
  [0xe010, 0x20],
  [0xe014, 0x1f_ffff],
  [0xe018, 0x1f_ffff],
];

/** Bits that the recordings' register store always answers set. */
const ALWAYS_SET: ReadonlyMap<number, number> = new Map([
  [0x0010, 0x1000_1388],
  [0x0020, 0x1000_01f4],
  [0x0050, 0x6082_0990],
  [0x6014, 0x8000_0000],
  [0xc0c4, 4],
  [0xd0c4, 4],
]);

const text = (...strings: string[]) => new TextEncoder().encode(strings.map((string) => `${string}\0`).join(""));
const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

export class Genx320Model {
  readonly registers: Map<number, number> = new Map(RESET_VALUES);
  readonly alwaysSet: Map<number, number> = new Map(ALWAYS_SET);
  /** Register accesses and waits, in the form of OpenEB's recordings. */
  readonly #lines: string[] = [];
  readonly #replies: Uint8Array[] = [];
  readonly #system: number;

  constructor({ chipId = EARLY_CHIP_ID, system = 0x40 }: Genx320ModelOptions = {}) {
    this.registers.set(0x0014, chipId);
    this.#system = system;
  }

  /** Register accesses and waits since the last call. */
  takeLines(): string[] {
    return this.#lines.splice(0);
  }

  /** What the registers hold, in the form of the lines. */
  snapshot(): Map<string, string> {
    return new Map(Array.from(this.registers, ([address, word]) => [hex(address), hex(word)]));
  }

  /** Asks a protocol for one exchange after the other, and answers. */
  carryOut<Result>(protocol: Protocol<Result>): Result {
    const exchanges = withoutDialogues(protocol);
    let step = exchanges.next();
    while (step.done !== true) step = exchanges.next(this.#exchange(step.value));
    return step.value;
  }

  #exchange(exchange: SingleExchange): Uint8Array | undefined {
    switch (exchange.kind) {
      case "wait":
        this.#lines.push(`WAIT_US ${exchange.us}`);
        return undefined;
      case "limit":
      case "begin":
      case "drain":
        return undefined;
      default:
        return this.answer(exchange);
    }
  }

  /** The reply to a transfer; undefined where nothing comes. */
  answer(transfer: Transfer): Uint8Array | undefined {
    switch (transfer.kind) {
      case "bulk-out":
        this.#replies.push(this.#replyTo(transfer.bytes));
        return undefined;
      case "bulk-in":
        return transfer.endpoint === 0x81 ? undefined : this.#replies.shift();
      case "control-in":
        return transfer.request === 0x72
          ? Uint8Array.of(this.#system, 0)
          : descriptorOf(transfer.value, { ids: [0x04b4, 0x00f4] });
      case "alternate-setting":
        return undefined;
      case "clear-halt":
        this.#lines.push("CLEAR_HALT 0x81");
        return undefined;
      default:
        throw new Error(`this camera gets no ${transfer.kind}`);
    }
  }

  #replyTo(request: Uint8Array): Uint8Array {
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
        return reply(property, words(1));
      case 0x1_0001:
        return reply(property, Uint8Array.of(...words(device), ...text("Cx3 GenX320")));
      case 0x1_0003:
        return reply(property, Uint8Array.of(...words(device), ...text("psee,cx3_genx320")));
      case 0x1_0102:
        return this.#read(request, view.getUint32(12, true));
      case 0x4001_0102:
        return this.#write(request, view.getUint32(12, true), view.getUint32(16, true));
      default:
        return reply(0x8000_0000, new Uint8Array(0));
    }
  }

  #read(request: Uint8Array, address: number): Uint8Array {
    const word = ((this.registers.get(address) ?? 0) | (this.alwaysSet.get(address) ?? 0)) >>> 0;
    this.#lines.push(`R 0 ${hex(address)} ${hex(word)}`);
    return Uint8Array.of(...request.subarray(0, 16), ...words(word));
  }

  #write(request: Uint8Array, address: number, word: number): Uint8Array {
    this.registers.set(address, word);
    this.#lines.push(`W 0 ${hex(address)} ${hex(word)}`);
    return reply(0x4001_0102, request.subarray(8, 16));
  }
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, "0")}`;
}
