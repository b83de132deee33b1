/** What an EVK4 answers, from a register file; no bus is needed to ask it. */

import { BIAS_REGISTERS } from "../../../src/cameras/imx636/biases.ts";
import type { Transfer } from "../../../src/protocol/exchange.ts";
import { descriptorOf, type DescriptorOptions } from "./descriptors.ts";

/** A device of the board. */
export interface ModelDevice {
  readonly name: string;
  readonly compatible: readonly string[];
}

export const SENSOR_DEVICE: ModelDevice = {
  name: "CCam5 Imx636 Event-Based Camera",
  compatible: ["psee,ccam5_imx636", "psee,ccam5_gen42"],
};

/** Codes of the biases, in the order of {@link BIAS_REGISTERS}: those of the chip of neuromorphic-drivers' authors. */
export const AUTHORS_CHIP: readonly number[] = [124, 83, 0, 102, 77, 73, 91, 20, 140, 124, 148, 116, 81];

/** Those of a chip that is made up; golden transcripts know it. */
export const OTHER_CHIP: readonly number[] = [117, 96, 5, 110, 84, 66, 93, 31, 133, 129, 150, 112, 78];

/** Writing 1 resets the sensor. */
const RESET_ADDRESS = 0x40_0004;

export interface Evk4ModelOptions extends DescriptorOptions {
  /** The chip's own codes: what the registers of the biases hold after each reset. Default: {@link AUTHORS_CHIP}. */
  biasCodes?: readonly number[];
  /** Answer to the vendor request; 0x31 first is an IMX636. */
  system?: Uint8Array;
  /** Payload of the serial's reply. */
  serial?: Uint8Array;
  /** Payload of the release's reply. Default: 3.9.1. */
  firmware?: Uint8Array;
  /** Default: {@link SENSOR_DEVICE} alone. */
  devices?: readonly ModelDevice[];
  /** The device that has registers. Default: the first. */
  sensor?: number;
  chipId?: number;
  variant?: number;
  /** Changes a reply on the control pipe before it is delivered; undefined: nothing is delivered. */
  alterReply?: (reply: Uint8Array, request: Uint8Array) => Uint8Array | undefined;
  /** What the event endpoint still holds. */
  staleEvents?: Uint8Array[];
}

/** Bits that are set after any write: the filters' memories are initialised, the dead time is measured. */
const ALWAYS_SET: ReadonlyMap<number, number> = new Map([[0xc0c4, 4], [0xd0c4, 4], [0x0020, 0x1000_05dc]]);

export class Evk4Model {
  readonly registers: Map<number, number> = new Map([
    // Conversion done, code 400.
    [0x0050, 0x990],
    // Valid, counter 123456.
    [0x0010, 0x2001_e240],
  ]);
  /** Addresses of registers whose writes are refused. */
  readonly refused: Set<number> = new Set();
  /** Replies that wait on the control pipe. */
  readonly replies: Uint8Array[] = [];
  readonly #options: Evk4ModelOptions;

  constructor(options: Evk4ModelOptions = {}) {
    this.#options = options;
    this.registers.set(0x0014, options.chipId ?? 0xa040_1806).set(0xf128, options.variant ?? 0);
    this.#resetBiases();
  }

  /** The code of each bias, in the order of the registers. */
  get biasCodes(): readonly number[] {
    return BIAS_REGISTERS.map(([, { address }]) => this.registers.get(address)! & 0xff);
  }

  #resetBiases(): void {
    const { biasCodes = AUTHORS_CHIP } = this.#options;
    BIAS_REGISTERS.forEach(([, { address }], index) => this.registers.set(address, 0x01a1_0000 + biasCodes[index]!));
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
    const { system = Uint8Array.of(0x31, 0) } = this.#options;
    return requestType === 0xc0 ? system : descriptorOf(value, this.#options);
  }

  /** A device's names, or its refusal; undefined for a register that it has. */
  #answerDevice(property: number, number: number): Uint8Array | undefined {
    const { devices = [SENSOR_DEVICE], sensor = 0 } = this.#options;
    const device = devices[number];
    if (device === undefined || (isRegister(property) && number !== sensor)) return refusal(property, number);
    const texts = property === 0x1_0001 ? [device.name] : device.compatible;
    const bytes = new TextEncoder().encode(texts.map((text) => `${text}\0`).join(""));
    return isRegister(property) ? undefined : reply(property, Uint8Array.of(number, 0, 0, 0, ...bytes));
  }

  #write(request: Uint8Array, address: number, word: number): Uint8Array {
    if (this.refused.has(address)) return refusal(0x4001_0102, 0, { address, errno: EINVAL });
    this.registers.set(address, word);
    if (address === RESET_ADDRESS && word === 1) this.#resetBiases();
    return reply(0x4001_0102, request.subarray(8, 16));
  }

  #answer(request: Uint8Array): Uint8Array {
    const words = new DataView(request.buffer, request.byteOffset, request.byteLength);
    const property = words.getUint32(0, true);
    if (property === 0x1_0001 || property === 0x1_0003 || isRegister(property)) {
      const answer = this.#answerDevice(property, words.getUint32(8, true));
      if (answer !== undefined) return answer;
    }
    switch (property) {
      case 0x72:
        return reply(property, this.#options.serial ?? Uint8Array.of(0xbc, 0x0a, 0x05, 0x00));
      case 0x79:
        return reply(property, this.#options.firmware ?? Uint8Array.of(1, 9, 3, 0));
      case 0x1_0000:
        return reply(property, Uint8Array.of((this.#options.devices ?? [SENSOR_DEVICE]).length, 0, 0, 0));
      case 0x7a:
        return reply(property, new Uint8Array(new BigUint64Array([1_700_000_000n]).buffer));
      case 0x1_0102: {
        const address = words.getUint32(12, true);
        const word = (this.registers.get(address) ?? 0) | (ALWAYS_SET.get(address) ?? 0);
        const value = new Uint8Array(Uint32Array.of(word).buffer);
        return Uint8Array.of(...request.subarray(0, 16), ...value);
      }
      case 0x4001_0102:
        return this.#write(request, words.getUint32(12, true), words.getUint32(16, true));
      default:
        return reply(property, new Uint8Array(4));
    }
  }
}

function isRegister(property: number): boolean {
  return property === 0x1_0102 || property === 0x4001_0102;
}

const [ENODEV, EINVAL] = [19, 22];

/** What a board answers where it does not carry a request out: device, address, errno. */
function refusal(property: number, device: number, { address = 0, errno = ENODEV } = {}): Uint8Array {
  return reply(property + 0x8000_0000, new Uint8Array(Uint32Array.of(device, address, errno).buffer));
}

/** A reply: property, size, payload. */
export function reply(property: number, payload: Uint8Array): Uint8Array {
  return Uint8Array.of(...new Uint8Array(Uint32Array.of(property, payload.length).buffer), ...payload);
}
