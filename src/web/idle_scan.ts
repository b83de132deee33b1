import type { EventFormat } from "../decoder/decoder.ts";

/** Longer raw packets count as busy without a look at them. */
const maximumLength = 4096;

/** Where the kind of a word stands, and of which kinds no event comes. */
interface WordLayout {
  readonly wordBytes: number;
  /** The byte of a word whose upper half is its kind. */
  readonly kindByte: number;
  readonly idle: readonly number[];
  /** Kinds of words after which a word of any kind may bring events. */
  readonly leading: readonly number[];
}

const layouts: Readonly<Record<EventFormat, WordLayout>> = {
  evt3: { wordBytes: 2, kindByte: 1, idle: [0x6, 0x7, 0x8, 0xe, 0xf], leading: [] },
  evt2: { wordBytes: 4, kindByte: 3, idle: [0x8, 0xe, 0xf], leading: [] },
  evt21: { wordBytes: 8, kindByte: 7, idle: [0x8, 0xe, 0xf], leading: [] },
  "evt21-legacy": { wordBytes: 8, kindByte: 3, idle: [0x8, 0xe, 0xf], leading: [] },
  evt4: { wordBytes: 4, kindByte: 3, idle: [0x6, 0x7, 0xe, 0xf], leading: [0xc, 0xd] },
};

/**
 * Looks at the raw packets of a stream one after the other, and finds the idle ones: time words and the sensor's own
 * reports, without an event or a trigger. The same rule as in `zig/src/ring/idle.zig`.
 */
export class IdleScan {
  readonly #layout: WordLayout;
  /** Bytes of a word that the raw packet before began and did not end. */
  #partial = 0;
  /** The last whole word leads another one. */
  #isLed = false;

  constructor(format: EventFormat) {
    this.#layout = layouts[format];
  }

  /** Whether the next raw packet is idle. `afterLoss`: bytes were lost just before it. */
  isIdle(bytes: Uint8Array, afterLoss: boolean): boolean {
    const { wordBytes, kindByte, idle } = this.#layout;
    if (afterLoss) {
      this.#partial = 0;
      this.#isLed = false;
    }
    const [partialBefore, wasLed] = [this.#partial, this.#isLed];
    this.#partial = (partialBefore + bytes.length) % wordBytes;
    this.#lookAtLastWord(bytes);
    // A word that two raw packets share makes both of them busy.
    if (partialBefore !== 0 || this.#partial !== 0 || wasLed || bytes.length > maximumLength) return false;
    for (let index = kindByte; index < bytes.length; index += wordBytes) {
      if (!idle.includes(bytes[index]! >> 4)) return false;
    }
    return true;
  }

  /** Its kind is in its last byte, in the format that has leading words. */
  #lookAtLastWord(bytes: Uint8Array): void {
    const { leading } = this.#layout;
    if (leading.length === 0 || bytes.length <= this.#partial) return;
    this.#isLed = leading.includes(bytes[bytes.length - this.#partial - 1]! >> 4);
  }
}
