import type { EventFormat } from "../decoder/decoder.ts";
import type { NativeDecoder } from "../decoder/native_decoder.ts";
import { packetMemoryOf } from "../decoder/packet_memory_of.ts";
import { readOptions } from "../decoder/read_options.ts";
import { emptyPacket, packetFrom } from "../packets/packet.ts";
import type { PacketMemory } from "../packets/packet_memory.ts";
import { type Gap, noGap, type Status } from "../packets/status.ts";
import { Report } from "../stream/report.ts";
import type { AnyPacket, StreamItem } from "../stream/stream_item.ts";
import { Batch } from "./batch.ts";
import type { Loss, Ring } from "./ring.ts";

/** What a reader is made of. */
export interface BatchReaderOptions {
  readonly format: EventFormat;
  readonly decoder: NativeDecoder | undefined;
  readonly maximumRawPackets: number;
  readonly reuseBuffers: boolean;
  /** Transfers that were asked for and are not queued. */
  readonly missing: () => number;
}

/** Room for small raw packets that are decoded as one; a large one is decoded where it lies. */
const stagingBytes = 1 << 18;

/** The most bytes of a packet that raw packets are joined to in raw mode. */
const largestRawPacket = 8 << 20;

/** From this size on a raw packet is a packet of its own in raw mode: joining costs more than one packet more does. */
const fewestOwnBytes = 1 << 16;

/** In a longer pause the sensor's time counter may wrap unseen, µs. */
const halfWrapUs: Readonly<Record<EventFormat, number>> = {
  evt3: 2 ** 23,
  evt2: 2 ** 33,
  evt21: 2 ** 33,
  "evt21-legacy": 2 ** 33,
  evt4: 2 ** 33,
};

/**
 * Makes packets of raw packets: decodes or joins those that are there. A packet ends before a place where raw packets are
 * missing, so such a gap stands at the beginning of one.
 */
export class BatchReader {
  readonly #ring: Ring;
  readonly #options: BatchReaderOptions;
  readonly #report = new Report();
  readonly #staging: Uint8Array<ArrayBuffer>;
  /** Of decoded packets. */
  readonly #memory: PacketMemory | undefined;
  readonly #readOptions: Float64Array<ArrayBuffer> | undefined;
  /** Bytes of the oldest raw packet that were read. */
  #offset = 0;
  /** The interruption before the oldest raw packet was told of. */
  #isTold = false;
  #wasIdle = false;
  #hasDecoded = false;

  constructor(ring: Ring, options: BatchReaderOptions) {
    this.#ring = ring;
    this.#options = options;
    const { decoder, reuseBuffers } = options;
    this.#memory = decoder && packetMemoryOf(decoder.library, decoder.layout.byteLength, reuseBuffers);
    this.#readOptions = decoder && readOptions(decoder.capacity, 0);
    this.#staging = new Uint8Array(decoder === undefined ? 0 : stagingBytes);
  }

  /** Bytes of the oldest raw packet that were read. */
  get offset(): number {
    return this.#offset;
  }

  /** Nothing happened in the last batch. */
  get wasIdle(): boolean {
    return this.#wasIdle;
  }

  /** The next packet; undefined where nothing is there. */
  read(mayReuse: boolean): StreamItem<AnyPacket> | undefined {
    if (this.#ring.length === 0) return undefined;
    const batch = this.#begin(this.#options.maximumRawPackets || Infinity);
    const { decoder } = this.#options;
    return decoder === undefined ? this.#readRaw(batch) : this.#readDecoded(batch, decoder, mayReuse);
  }

  /** What was lost after the last raw packet, as an item without data; undefined where nothing was. */
  readLastLoss(): StreamItem<AnyPacket> | undefined {
    const loss = this.#ring.takePendingLoss();
    if (loss === undefined) return undefined;
    const packet = this.#options.decoder === undefined ? new Uint8Array(0) : emptyPacket();
    return { status: { ...this.idleStatus(), ...lossOf(loss) }, packet };
  }

  /** A status without bytes. */
  idleStatus(): Status {
    const nowMs = Date.now();
    return { ...this.#statusOf(new Batch(nowMs), []), receivedMs: nowMs, delayMs: 0 };
  }

  /**
   * Throws away raw packets until at most `until` of those that are there now are left. The decoder follows their time and
   * rows.
   */
  discard(until: number): Status {
    const { decoder } = this.#options;
    const batch = new Batch(Date.now());
    const faults = { outOfSensor: 0, timeDiscontinuities: 0 };
    for (let left = this.#ring.length - until; left > 0;) {
      const before = batch.rawPackets;
      batch.loss = sumOf(batch.loss, this.#takeInterruption()?.loss);
      const bytes = this.#ring.at(0)!.bytes.subarray(this.#offset);
      const consumed = decoder === undefined ? bytes.length : this.#decode(decoder, bytes, this.#memory!.takeSpare());
      if (decoder !== undefined) {
        const { outOfSensor, timeDiscontinuities } = this.#report.faults;
        faults.outOfSensor += outOfSensor;
        faults.timeDiscontinuities += timeDiscontinuities;
      }
      this.#consume(batch, consumed);
      left -= batch.rawPackets - before;
    }
    return { ...this.#statusOf(batch, []), ...faults };
  }

  /** Detaches the last packet where memory is reused. */
  close(): void {
    this.#memory?.close();
  }

  /** A batch of raw packets between which nothing is missing; the first one may be read in part. */
  #begin(limit: number): Batch {
    const batch = new Batch(Date.now());
    const interruption = this.#takeInterruption();
    batch.loss = interruption?.loss;
    // A decoder finds by the sensor's time what is missing behind a pause.
    if (interruption?.loss !== undefined || interruption !== undefined && this.#options.decoder === undefined) {
      batch.gap = { ...noGap, ...lossOf(interruption.loss), silenceUs: interruption.silenceUs };
    }
    const room = this.#options.decoder === undefined ? largestRawPacket : stagingBytes;
    const first = this.#ring.at(0)!.bytes.length - this.#offset;
    for (let count = 1, length = first; count < limit && this.#isJoined(count - 1); count++) {
      const next = this.#ring.at(count);
      if (next === undefined || this.#isInterrupted(count) || !this.#isJoined(count)) break;
      length += next.bytes.length;
      if (length > room) break;
      batch.count = count + 1;
      batch.length = length;
    }
    if (batch.count === 0) [batch.count, batch.length] = [1, first];
    return batch;
  }

  #readDecoded(batch: Batch, decoder: NativeDecoder, mayReuse: boolean): StreamItem<AnyPacket> {
    const memory = this.#memory!;
    const block = memory.take(mayReuse);
    const bytes = this.#joined(batch, this.#staging);
    this.#consume(batch, this.#decode(decoder, bytes, block));
    const report = this.#report;
    const jumps = report.gaps;
    this.#wasIdle = report.isEmpty;
    const status = this.#statusOf(batch, batch.gap === undefined ? jumps : [batch.gap, ...jumps]);
    return { status, packet: packetFrom(memory, memory.filled, decoder.layout, report.counts()) };
  }

  #readRaw(batch: Batch): StreamItem<AnyPacket> {
    const packet = this.#ownBytes(batch) ?? new Uint8Array(batch.length);
    if (packet !== this.#ring.at(0)!.bytes) this.#join(batch, packet);
    this.#consume(batch, batch.length);
    this.#wasIdle = false;
    return { status: this.#statusOf(batch, batch.gap === undefined ? [] : [batch.gap]), packet };
  }

  /** The memory of a transfer that nothing else has: it becomes the reader's. */
  #ownBytes({ count }: Batch): Uint8Array<ArrayBuffer> | undefined {
    const { bytes, isShared } = this.#ring.at(0)!;
    const isWhole = count === 1 && bytes.length >= fewestOwnBytes && bytes.length === bytes.buffer.byteLength;
    return isWhole && !isShared ? bytes as Uint8Array<ArrayBuffer> : undefined;
  }

  /** The bytes of a batch in one piece: where they lie, or in the room. */
  #joined(batch: Batch, room: Uint8Array): Uint8Array {
    if (batch.count === 1) return this.#ring.at(0)!.bytes.subarray(this.#offset);
    this.#join(batch, room);
    return room.subarray(0, batch.length);
  }

  #join(batch: Batch, room: Uint8Array): void {
    for (let index = 0, at = 0; index < batch.count; index++) {
      const { bytes } = this.#ring.at(index)!;
      const rest = index === 0 ? bytes.subarray(this.#offset) : bytes;
      room.set(rest, at);
      at += rest.length;
    }
  }

  /** One call of the decoder; returns how many bytes it took. */
  #decode(decoder: NativeDecoder, bytes: Uint8Array, columns: Uint8Array): number {
    const { symbols, check, longestInput } = decoder.library;
    const { block } = this.#report;
    const input = bytes.subarray(0, longestInput);
    check(symbols.nd_decoder_decode(decoder.handle, input, input.length, columns, this.#readOptions!, block), "decode");
    decoder.setCurrentTime(this.#report.currentTime);
    this.#hasDecoded = true;
    return this.#report.consumedBytes;
  }

  /** Takes bytes off the ring. */
  #consume(batch: Batch, count: number): void {
    batch.bytes += count;
    for (let left = count; left > 0;) {
      const packet = this.#ring.at(0)!;
      const part = Math.min(left, packet.bytes.length - this.#offset);
      batch.see(packet);
      left -= part;
      this.#offset += part;
      if (this.#offset < packet.bytes.length) return;
      batch.rawPackets += 1;
      this.#offset = 0;
      this.#isTold = false;
      this.#ring.shift();
    }
  }

  /** Whether a raw packet may become a packet together with others. */
  #isJoined(index: number): boolean {
    return this.#options.decoder !== undefined || this.#ring.at(index)!.bytes.length < fewestOwnBytes;
  }

  #isInterrupted(index: number): boolean {
    const packet = this.#ring.at(index)!;
    return packet.loss !== undefined || packet.silenceUs > halfWrapUs[this.#options.format];
  }

  /** What lies before the oldest raw packet, once: the decoder is told of it. */
  #takeInterruption(): { readonly loss: Loss | undefined; readonly silenceUs: number } | undefined {
    if (this.#isTold || this.#offset > 0 || !this.#isInterrupted(0)) return undefined;
    this.#isTold = true;
    const { loss, silenceUs } = this.#ring.at(0)!;
    const { decoder } = this.#options;
    if (loss === undefined) decoder?.pause(silenceUs);
    else decoder?.gap(silenceUs);
    return { loss, silenceUs };
  }

  #statusOf(batch: Batch, gaps: readonly Gap[]): Status {
    const { decoder, missing } = this.#options;
    const { outOfSensor, timeDiscontinuities } = this.#report.faults;
    const isDecoded = decoder !== undefined && batch.bytes > 0;
    return {
      ...batch.times(),
      backlog: this.#ring.length,
      rawPackets: batch.rawPackets,
      bytes: batch.bytes,
      currentTime: decoder?.currentTime,
      outOfSensor: isDecoded ? outOfSensor : 0,
      timeDiscontinuities: isDecoded ? timeDiscontinuities : 0,
      rateController: this.#hasDecoded ? this.#report.rateController : undefined,
      ...lossOf(batch.loss),
      missingTransfers: missing(),
      gaps,
    };
  }
}

function lossOf(loss: Loss | undefined): { readonly droppedTransfers: number; readonly droppedBytes: number } {
  return { droppedTransfers: loss?.transfers ?? 0, droppedBytes: loss?.bytes ?? 0 };
}

function sumOf(first: Loss | undefined, second: Loss | undefined): Loss | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return { transfers: first.transfers + second.transfers, bytes: first.bytes + second.bytes };
}
