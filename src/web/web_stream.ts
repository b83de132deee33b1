import type { EventFormat } from "../decoder/decoder.ts";
import type { NativeDecoder } from "../decoder/native_decoder.ts";
import type { Library } from "../native/library.ts";
import type { Status } from "../packets/status.ts";
import type { AnyPacket, StreamItem, StreamStatistics } from "../stream/stream_item.ts";
import { BatchReader } from "./batch_reader.ts";
import { turn } from "./page_settling.ts";
import { Ring } from "./ring.ts";
import { type QueueEnd, TransferQueue, type TransferSink } from "./transfer_queue.ts";
import type { UsbHandle } from "./usb_handle.ts";
import { Waiter } from "./waiter.ts";
import type { WebUsbConfiguration } from "./web_usb_configuration.ts";

/** What gets a stream's bytes beside its reader. */
export interface WebTap {
  /** Bytes came. They are the ring's, too: to be left as they are. */
  take(bytes: Uint8Array, nowMs: number): void;
  /** A transfer failed, or the endpoint was halted. */
  lose(bytes: number): void;
  /** Nothing comes any more. */
  finish(reason: QueueEnd): void;
}

/** Where the bytes come from and what becomes of them. */
export interface WebStreamOptions {
  readonly handle: UsbHandle;
  readonly endpoint: number;
  readonly format: EventFormat;
  readonly usbConfiguration: WebUsbConfiguration;
  readonly library: Library;
  /** Decodes; without one the packets are the raw bytes. */
  readonly decoder: NativeDecoder | undefined;
  /** The most raw packets that one packet is made of; 0 = no limit. */
  readonly maximumRawPackets: number;
  /** A packet is valid until the next one is read; otherwise as long as it is held. */
  readonly reuseBuffers: boolean;
}

/** The transfers of a camera over WebUSB as a source of packets. */
export class WebStream implements TransferSink {
  readonly #options: WebStreamOptions;
  readonly #ring: Ring;
  readonly #reader: BatchReader;
  readonly #queue: TransferQueue;
  readonly #taps = new Set<WebTap>();
  readonly #totals = { transfers: 0, bytes: 0, droppedTransfers: 0, droppedBytes: 0, empty: 0, stalls: 0, errors: 0 };
  #end: QueueEnd | undefined;
  #closed = false;
  /** Totals at the end. */
  #last: StreamStatistics | undefined;
  #waiter: Waiter | undefined;

  constructor(options: WebStreamOptions) {
    this.#options = options;
    const { handle, endpoint, format, usbConfiguration: { bufferBytes, transferQueueLength, ringLength } } = options;
    this.#ring = new Ring(ringLength - transferQueueLength, format);
    this.#reader = new BatchReader(this.#ring, { ...options, missing: () => this.#queue.missing });
    this.#queue = new TransferQueue({ handle, endpoint, bufferBytes, depth: transferQueueLength, sink: this });
  }

  /** The next packet, if there is one now. Where there is none: undefined, or why the stream ended. */
  read(mayReuse: boolean): StreamItem<AnyPacket> | QueueEnd | undefined {
    if (this.#closed) return "close";
    const item = this.#reader.read(mayReuse);
    if (item !== undefined) return item;
    if (this.#end === undefined) return undefined;
    // What was lost last has no raw packet after it to be reported with.
    return this.#reader.readLastLoss() ?? this.#end;
  }

  /** The last read took all that was there, and nothing happened in it. */
  get isIdle(): boolean {
    return this.#reader.wasIdle && this.#ring.length === 0 && this.#end === undefined;
  }

  /** A status without a packet: where nothing came in time. */
  idleStatus(): Status {
    return this.#reader.idleStatus();
  }

  /** Resolves when {@link read} may give something else, at the latest after the time, and never in the same turn. */
  async wait(timeoutMs: number): Promise<void> {
    if (this.#closed) return;
    if (this.#readyAtMs <= performance.now() || timeoutMs <= 0) return await turn();
    const waiter = new Waiter(performance.now() + timeoutMs);
    this.#waiter = waiter;
    waiter.wakeAt(this.#readyAtMs);
    await waiter.woken;
    if (this.#waiter === waiter) this.#waiter = undefined;
  }

  /** Throws away raw packets until at most `until` wait, and says what that was. */
  clearBacklog(until: number): Status {
    return this.#reader.discard(until);
  }

  /** What decodes. */
  get library(): Library {
    return this.#options.library;
  }

  /** Bytes go to the tap from now on, until {@link untap}. */
  tap(tap: WebTap): void {
    this.#taps.add(tap);
  }

  untap(tap: WebTap): void {
    this.#taps.delete(tap);
  }

  /** Totals, read now; after the end, those of the end. */
  get statistics(): StreamStatistics {
    if (this.#last !== undefined) return this.#last;
    const { transfers, bytes, droppedTransfers, droppedBytes, empty, stalls, errors } = this.#totals;
    const { ringLength, transferQueueLength } = this.#options.usbConfiguration;
    const { length: backlog, peak: backlogPeak } = this.#ring;
    const transfersInFlight = this.#queue.inFlight;
    return {
      transfers,
      bytes,
      droppedTransfers,
      droppedBytes,
      zeroLengthTransfers: empty,
      stalls,
      errors,
      transfersRequested: transferQueueLength,
      transfersInFlight,
      backlog,
      backlogPeak,
      backlogBytes: this.#ring.bytes - this.#reader.offset,
      slots: ringLength,
      slotsCommitted: backlog + transfersInFlight,
      dmaSlots: 0,
      readerPriority: "usual",
      decoder: this.#options.decoder?.statistics,
    };
  }

  take(bytes: Uint8Array): void {
    const totals = this.#totals;
    totals.transfers += 1;
    totals.bytes += bytes.length;
    if (bytes.length === 0) {
      totals.empty += 1;
      return;
    }
    const nowMs = performance.now();
    for (const tap of this.#taps) tap.take(bytes, nowMs);
    if (!this.#ring.push(bytes, nowMs, this.#taps.size > 0)) {
      totals.droppedTransfers += 1;
      totals.droppedBytes += bytes.length;
    }
    this.#waiter?.wakeAt(this.#readyAtMs);
  }

  lose(bytes: number): void {
    const totals = this.#totals;
    totals.errors += 1;
    totals.bytes += bytes;
    totals.droppedTransfers += 1;
    totals.droppedBytes += bytes;
    this.#ring.lose(bytes);
    for (const tap of this.#taps) tap.lose(bytes);
  }

  halt(): void {
    this.#totals.stalls += 1;
    for (const tap of this.#taps) tap.lose(0);
  }

  end(reason: QueueEnd): void {
    this.#end = reason;
    for (const tap of [...this.#taps]) tap.finish(reason);
    this.wake();
  }

  /** The browser tells that the device was unplugged. */
  unplugged(): void {
    this.#queue.unplugged();
  }

  /** Ends a wait that goes on, whatever is there. */
  wake(): void {
    this.#waiter?.wakeAt(0);
  }

  /** Queues no transfer any more. {@link finished} resolves when those that are queued are over. */
  stop(): void {
    this.#queue.stop();
  }

  get finished(): Promise<void> {
    return this.#queue.finished;
  }

  /** Ends it: waits end, the last packet is detached where memory is reused. Totals stay as they are. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const tap of [...this.#taps]) tap.finish("close");
    this.#last = this.statistics;
    this.#reader.close();
    this.#options.decoder?.close();
    this.#waiter?.wakeAt(0);
  }

  get #readyAtMs(): number {
    return this.#end !== undefined || this.#reader.offset > 0 ? 0 : this.#ring.readyAtMs;
  }
}
