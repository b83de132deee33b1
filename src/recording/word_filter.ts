import type { EventFormat } from "../decoder/decoder.ts";
import type { Gap } from "../packets/status.ts";
import { wordBytes } from "./raw_header_text.ts";

/** A stream whose words never become complete in this many bytes is kept as it is: it is no such format. */
const longestBytes = 4 << 20;

/**
 * The whole words of a stream that is cut anywhere, without those that no reader could place: at the beginning of a
 * recording, which may be anywhere in the stream, and behind a loss. There a reader would take an old time, row or vector
 * base for that of the next words. So in EVT3 all is left out before the next TIME_HIGH, and then each word until what it
 * needs has come. In the other formats only TIME_HIGH is missing. The same rules as in `zig/src/recorder/resync.zig`;
 * cameras send no EVT4.
 */
export class WordFilter {
  readonly #format: EventFormat;
  readonly #wordBytes: number;
  /** The beginning of a word whose end has not come. */
  #tail = new Uint8Array(0);
  /** Bytes of a cut word before the first whole one. */
  #cutBytes: number;
  #missing = allMissing();
  #isDone = false;
  #seenBytes = 0;
  #skippedBytes = 0;

  /** `bytesBefore`: what the camera has sent before the first bytes. */
  constructor(format: EventFormat, bytesBefore: number) {
    this.#format = format;
    this.#wordBytes = wordBytes[format];
    this.#cutBytes = (this.#wordBytes - bytesBefore % this.#wordBytes) % this.#wordBytes;
  }

  /** Bytes that were left out. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** Bytes that wait for the rest of their word. */
  get waitingBytes(): number {
    return this.#tail.length;
  }

  /** Something was lost: the next bytes begin with a word. */
  lose(): void {
    this.#skippedBytes += this.#tail.length;
    this.#tail = new Uint8Array(0);
    this.#cutBytes = 0;
    this.#missing = allMissing();
    this.#isDone = false;
    this.#seenBytes = 0;
  }

  /** The words that these bytes end and that are kept. The bytes stay as they are; what is returned may be a part of them. */
  take(bytes: Uint8Array): Uint8Array {
    const cut = Math.min(this.#cutBytes, bytes.length);
    this.#cutBytes -= cut;
    const all = this.#tail.length === 0 ? bytes.subarray(cut) : joined(this.#tail, bytes.subarray(cut));
    const wholeBytes = all.length - all.length % this.#wordBytes;
    this.#tail = all.slice(wholeBytes);
    const kept = this.#filter(all.subarray(0, wholeBytes));
    this.#skippedBytes += cut + wholeBytes - kept.length;
    return kept;
  }

  /** The same of a packet in raw mode, in pieces: what lies behind each loss in it begins anew. */
  *takePacket(packet: Uint8Array, gaps: readonly Pick<Gap, "byteIndex" | "droppedTransfers">[]): Generator<Uint8Array> {
    let at = 0;
    for (const { byteIndex, droppedTransfers } of gaps) {
      if (droppedTransfers === 0) continue; // the sensor's time jumps: all words are there
      yield this.take(packet.subarray(at, byteIndex));
      this.lose();
      at = byteIndex;
    }
    yield this.take(packet.subarray(at));
  }

  #filter(words: Uint8Array): Uint8Array {
    if (this.#isDone) return words;
    const kept = this.#format === "evt3" ? this.#filterEvt3(words) : this.#fromTimeHigh(words);
    this.#seenBytes += words.length;
    // A sensor that sends single events only never sends a vector's base.
    if (this.#seenBytes >= longestBytes) this.#isDone = true;
    return kept;
  }

  #fromTimeHigh(words: Uint8Array): Uint8Array {
    // The upper half of an EVT2.1 word comes first in its old form.
    const kindByte = this.#format === "evt21-legacy" ? 3 : this.#wordBytes - 1;
    for (let at = 0; at < words.length; at += this.#wordBytes) {
      if (words[at + kindByte]! >> 4 !== 0x8) continue;
      this.#isDone = true;
      return words.subarray(at);
    }
    return words.subarray(words.length);
  }

  #filterEvt3(words: Uint8Array): Uint8Array {
    const kept = new Uint8Array(words.length);
    let length = 0;
    for (let at = 0; at < words.length; at += 2) {
      if (this.#isDone) {
        kept.set(words.subarray(at), length);
        return kept.subarray(0, length + words.length - at);
      }
      if (!this.#keeps(words[at + 1]! >> 4)) continue;
      kept[length++] = words[at]!;
      kept[length++] = words[at + 1]!;
    }
    return kept.subarray(0, length);
  }

  /** Whether a word of this kind is kept. */
  #keeps(kind: number): boolean {
    const missing = this.#missing;
    if (kind === 0x8) missing.timeHigh = false;
    if (missing.timeHigh) return false;
    switch (kind) {
      case 0x0: // ADDR_Y
      case 0x1:
        missing.row = false;
        break;
      case 0x2: // ADDR_X
        return !missing.timeLow && !missing.row;
      case 0x3: // VECT_BASE_X
        if (missing.timeLow || missing.row) return false;
        missing.base = false;
        break;
      case 0x4: // VECT_12
      case 0x5: // VECT_8
        return !missing.timeLow && !missing.base;
      case 0x6: // TIME_LOW
        missing.timeLow = false;
        break;
      case 0xa: // EXT_TRIGGER
        return !missing.timeLow;
    }
    this.#isDone = !missing.timeLow && !missing.row && !missing.base;
    return true;
  }
}

function allMissing() {
  return { timeHigh: true, timeLow: true, row: true, base: true };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
