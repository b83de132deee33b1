import type { NativeDecoder } from "../decoder/native_decoder.ts";
import { packetMemoryOf } from "../decoder/packet_memory_of.ts";
import { readOptions } from "../decoder/read_options.ts";
import type { Library } from "../native/library.ts";
import { kindIndex } from "../packets/kinds.ts";
import type { PacketMemory } from "../packets/packet_memory.ts";
import { type GapCause, receiptBlockBytes, type ReceiptEnd, type ReceiptGap, type ReceiptLine } from "./receipt.ts";
import { xxh64 } from "./xxh64.ts";
import { Report } from "../stream/report.ts";

/**
 * Jumps of the sensor's clock in one block that have lines of their own. More are told together: what is no event stream
 * jumps with every other word, and its receipt would be as long as the recording.
 */
const jumpsPerBlock = 16;

/** What is missing before the next byte. */
export interface MissingPart {
  readonly cause: GapCause;
  readonly droppedTransfers: number;
  readonly droppedBytes: number;
  readonly silenceUs: number;
}

/** The account of a recording: its bytes decoded, counted and hashed block by block, as they were written. */
export class Account {
  readonly #library: Library;
  readonly #decoder: NativeDecoder;
  readonly #tell: (line: ReceiptLine) => void;
  readonly #memory: PacketMemory;
  readonly #readOptions: Float64Array<ArrayBuffer>;
  readonly #report = new Report();
  readonly #block: Uint8Array;
  #blockLength = 0;
  #blockJumps = 0;
  #moreJumps: ReceiptGap | undefined;
  /** Events of the block, and of those before. */
  #blockEvents = { polarity: 0, trigger: 0 };
  readonly #events = { polarity: 0, trigger: 0 };
  #position = 0;
  #gaps = 0;
  #droppedBytes = 0;
  #currentTime: number | undefined;

  /** The decoder is the account's from now on. `tell` gets the lines in the order of the file. */
  constructor(
    library: Library,
    decoder: NativeDecoder,
    tell: (line: ReceiptLine) => void,
    blockBytes: number = receiptBlockBytes,
  ) {
    this.#block = new Uint8Array(blockBytes);
    this.#library = library;
    this.#decoder = decoder;
    this.#tell = tell;
    this.#memory = packetMemoryOf(library, decoder.layout.byteLength, false);
    this.#readOptions = readOptions(decoder.capacity, 0);
  }

  get polarityEvents(): number {
    return this.#events.polarity + this.#blockEvents.polarity;
  }

  get triggerEvents(): number {
    return this.#events.trigger + this.#blockEvents.trigger;
  }

  /** Sensor clock behind the last word. */
  get currentTime(): number | undefined {
    return this.#currentTime;
  }

  get gaps(): number {
    return this.#gaps;
  }

  /** Bytes of the file that are no words. */
  addHeader(bytes: Uint8Array): void {
    this.#add(bytes, () => {});
  }

  add(words: Uint8Array): void {
    this.#add(words, (part) => this.#decode(part));
  }

  /** Bytes of the decoder's stream are missing before the next ones. */
  lose(silenceUs: number): void {
    this.#decoder.gap(silenceUs);
  }

  /** Nothing was received for so long before the next bytes, and nothing is missing. */
  pause(silenceUs: number): void {
    this.#decoder.pause(silenceUs);
  }

  /** Tells what is missing before the next byte of the file. */
  addMissing(missing: MissingPart): void {
    this.#tellMoreJumps();
    this.#tellGap({ kind: "gap", at: this.#position, t: this.#currentTime ?? null, timeJumpUs: 0, ...missing });
  }

  /** Tells the last block and the sums. */
  finish(end: Pick<ReceiptEnd, "reason" | "endedMs">): void {
    if (this.#blockLength > 0) this.#endBlock();
    const { input, output } = this.#report.rateController ?? { input: undefined, output: undefined };
    const isTold = this.#currentTime !== undefined && input !== undefined && output !== undefined;
    this.#tell({
      kind: "end",
      endedMs: end.endedMs,
      reason: end.reason,
      bytes: this.#position,
      polarityEvents: this.polarityEvents,
      triggerEvents: this.triggerEvents,
      gaps: this.#gaps,
      droppedBytes: this.#droppedBytes,
      rateController: isTold ? { input, output } : null,
    });
    this.close();
  }

  /** Gives the decoder back, also where the account has come to no end. Safe to call twice. */
  close(): void {
    this.#decoder.close();
    this.#memory.close();
  }

  #add(bytes: Uint8Array, follow: (part: Uint8Array) => void): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + this.#block.length - this.#blockLength);
      this.#block.set(part, this.#blockLength);
      follow(part);
      this.#blockLength += part.length;
      this.#position += part.length;
      at += part.length;
      if (this.#blockLength === this.#block.length) this.#endBlock();
    }
  }

  #decode(words: Uint8Array): void {
    for (let at = 0; at < words.length;) {
      const snapshot = this.#decoder.save();
      let consumed = this.#decodeOnce(words.subarray(at));
      const [jump] = this.#report.gaps;
      if (jump !== undefined && jump.byteIndex < consumed) {
        // Once more, up to the jump, because only there the time before it is known.
        this.#decoder.restore(snapshot);
        consumed = this.#decodeOnce(words.subarray(at, at + jump.byteIndex));
      }
      const [polarity, trigger] = [kindIndex.polarity, kindIndex.trigger].map((kind) => this.#report.counts()[kind]!);
      this.#blockEvents.polarity += polarity!;
      this.#blockEvents.trigger += trigger!;
      this.#currentTime = this.#report.currentTime;
      at += consumed;
      if (jump !== undefined) this.#addJump(this.#position + at, jump.timeJumpUs);
    }
  }

  /** One call of the decoder; returns how many bytes it took. */
  #decodeOnce(bytes: Uint8Array): number {
    const { symbols, check } = this.#library;
    const { block } = this.#report;
    const { handle } = this.#decoder;
    // The events are counted only, so each call writes over the last one's.
    const columns = this.#memory.take();
    check(symbols.nd_decoder_decode(handle, bytes, bytes.length, columns, this.#readOptions, block), "decode");
    return this.#report.consumedBytes;
  }

  /** Where the missing time begins: `timeJumpUs` before the clock. */
  #addJump(at: number, timeJumpUs: number): void {
    const jump: ReceiptGap = {
      kind: "gap",
      at,
      t: this.#currentTime! - timeJumpUs,
      cause: timeJumpUs > 0 ? "sensor" : "clock",
      droppedTransfers: 0,
      droppedBytes: 0,
      timeJumpUs,
      silenceUs: 0,
    };
    this.#blockJumps += 1;
    if (this.#blockJumps <= jumpsPerBlock) return this.#tellGap(jump);
    const more = this.#moreJumps;
    this.#moreJumps = more === undefined ? jump : { ...more, timeJumpUs: more.timeJumpUs + timeJumpUs };
  }

  #tellMoreJumps(): void {
    if (this.#moreJumps === undefined) return;
    this.#tellGap(this.#moreJumps);
    this.#moreJumps = undefined;
  }

  #tellGap(gap: ReceiptGap): void {
    this.#gaps += 1;
    this.#droppedBytes += gap.droppedBytes;
    this.#tell(gap);
  }

  #endBlock(): void {
    this.#tellMoreJumps();
    const { polarity, trigger } = this.#blockEvents;
    this.#tell({
      kind: "block",
      at: this.#position - this.#blockLength,
      bytes: this.#blockLength,
      hash: xxh64(this.#block.subarray(0, this.#blockLength)),
      polarityEvents: polarity,
      triggerEvents: trigger,
      t: this.#currentTime ?? null,
    });
    this.#events.polarity += polarity;
    this.#events.trigger += trigger;
    this.#blockEvents = { polarity: 0, trigger: 0 };
    this.#blockJumps = 0;
    this.#blockLength = 0;
  }
}
