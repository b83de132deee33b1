import { deviceError } from "../errors.ts";
import {
  blockIndex,
  blockLength,
  cString,
  type Native,
  readerPriorities,
  statuses,
  type StreamWaiter,
} from "../native/native.ts";
import type { EventFormat } from "../decoder/decoder.ts";
import { formatNumber } from "../decoder/decoder_handle.ts";
import type { NativeDecoder } from "../decoder/native_decoder.ts";
import { packetMemoryOf } from "../decoder/packet_memory_of.ts";
import { readOptions } from "../decoder/read_options.ts";
import { packetFrom } from "../packets/packet.ts";
import type { PacketMemory } from "../packets/packet_memory.ts";
import type { Status } from "../packets/status.ts";
import { type EndReason, Report } from "./report.ts";
import type { AnyPacket, StreamItem, StreamStatistics } from "./stream_item.ts";
import { memoryFailure, type UsbConfiguration } from "./usb_configuration.ts";
import { submitFailure } from "./usbfs_limit.ts";

/** What gets a stream's bytes beside its reader. */
export interface StreamTap {
  /** The stream has got all that it will get, and is closed afterwards. Waits until `deadlineMs` of `performance.now()`. */
  finish(deadlineMs: number): void;
}

/** How long taps may take where the stream is closed. Closing a device takes two seconds at most. */
const tapLimitMs = 800;

/** Where the bytes come from and what becomes of them. */
export interface EventStreamOptions {
  /** Path that libusb was loaded from. */
  readonly libusbPath: string;
  /** libusb's context and device handle. */
  readonly context: bigint;
  readonly deviceHandle: bigint;
  readonly endpoint: number;
  /** What the device sends. */
  readonly format: EventFormat;
  readonly usbConfiguration: UsbConfiguration;
  /** Name of a libusb error, for messages. */
  readonly libusbErrorName: (code: number) => string;
  /** The device, for messages. */
  readonly device: string;
  /** Decodes; without one the packets are the raw bytes. */
  readonly decoder: NativeDecoder | undefined;
  /** The most raw packets that one packet is made of; 0 = no limit. */
  readonly maximumRawPackets: number;
  /** A packet is valid until the next one is read; otherwise as long as it is held. */
  readonly reuseBuffers: boolean;
}

const openedIndex = blockIndex("stream_opened");
const optionsIndex = blockIndex("stream_options");
const statisticsIndex = blockIndex("stream_statistics");

/** The native ring of one device, as the source of packets. It starts at once. */
export class EventStream {
  /** The library that has the stream. */
  readonly native: Native;
  readonly #options: EventStreamOptions;
  readonly #handle: number;
  readonly #capacity: number;
  readonly #memory: PacketMemory;
  /** Room of a decoded packet, and how many raw packets it may be made of. */
  readonly #readOptions: Float64Array | undefined;
  readonly #report = new Report();
  readonly #taps = new Set<StreamTap>();
  #waiter: StreamWaiter | undefined;
  /** When the bytes were received that the decoder has seen last, on the clock of `performance.now()`. */
  #decodedMs: number | undefined;
  #closed = false;
  /** Totals at the end. */
  #last: StreamStatistics | undefined;

  constructor(native: Native, options: EventStreamOptions) {
    this.native = native;
    this.#options = options;
    const { decoder, maximumRawPackets } = options;
    this.#readOptions = decoder && readOptions(decoder.capacity, maximumRawPackets);
    this.#capacity = decoder?.layout.byteLength ?? rawCapacity(options.usbConfiguration, maximumRawPackets);
    this.#memory = packetMemoryOf(native, this.#capacity, options.reuseBuffers);
    this.#handle = openStream(native, options);
  }

  /**
   * The next packet, if there is one now. Where there is none: undefined, or why the stream ended. Where memory is reused,
   * and may be for this packet, the packet before it is detached.
   */
  read(mayReuse: boolean): StreamItem<AnyPacket> | "close" | "disconnected" | "io" | undefined {
    if (this.#closed) return "close";
    const { decoder } = this.#options;
    const block = this.#memory.take(mayReuse);
    const status = decoder === undefined ? this.#readRaw(block) : this.#readDecoded(block, decoder);
    const report = this.#report;
    const lostAtTheEnd = status === statuses.ended && report.droppedTransfers > 0;
    if (status === statuses.ended && !lostAtTheEnd) return endOf(report.endReason);
    if (report.bytes === 0 && !lostAtTheEnd) return undefined;
    if (decoder === undefined) return { status: report.status(), packet: this.#rawPacket(block, report.bytes) };
    if (report.bytes > 0) this.#follow(decoder);
    return { status: report.status(), packet: packetFrom(this.#memory, block, decoder.layout, report.counts()) };
  }

  /** The last call took all that was there: {@link wait} tells when there is more. */
  get isIdle(): boolean {
    return this.#report.backlog === 0;
  }

  #rawPacket(block: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
    const bytes = block.subarray(0, length);
    const own = this.#memory.memoryFor(length);
    if (own !== undefined) {
      const copy = new Uint8Array(own);
      copy.set(bytes);
      return copy;
    }
    if (!this.#memory.isZeroed) block.fill(0, length);
    return bytes;
  }

  #readDecoded(columns: Uint8Array, decoder: NativeDecoder): number {
    return this.native.check(
      this.native.symbols.nd_stream_read(
        this.#handle,
        decoder.handle,
        columns,
        this.#readOptions!,
        this.#report.block,
      ),
      "read events",
      this.#options.device,
    );
  }

  #readRaw(buffer: Uint8Array): number {
    return this.native.check(
      this.native.symbols.nd_stream_read_raw(
        this.#handle,
        buffer,
        this.#capacity,
        this.#options.maximumRawPackets,
        this.#report.block,
      ),
      "read raw packets",
      this.#options.device,
    );
  }

  /** A status without a packet: where nothing came in time. */
  idleStatus(): Status {
    const nowMs = Date.now();
    return { ...this.#report.status(), receivedMs: nowMs, consumedMs: nowMs, delayMs: 0 };
  }

  /** Resolves when {@link read} may give something else, at the latest after the time. */
  wait(timeoutMs: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#waiter ??= this.native.createWaiter(this.#handle);
    return this.#waiter.wait(timeoutMs);
  }

  /** Ends the waits that go on. */
  wake(): void {
    this.#waiter?.wake();
  }

  /** The same as {@link wait}, but blocks. */
  waitSync(timeoutMs: number): void {
    if (!this.#closed) this.native.symbols.nd_stream_wait(this.#handle, timeoutMs);
  }

  /** Throws away raw packets until at most `until` wait, and says what that was. */
  clearBacklog(until: number): Status {
    const { decoder } = this.#options;
    const { symbols } = this.native;
    const status = symbols.nd_stream_clear_backlog(this.#handle, decoder?.handle ?? 0, until, this.#report.block);
    this.native.check(status, "clear backlog", this.#options.device);
    if (decoder !== undefined) this.#follow(decoder);
    return this.#report.status();
  }

  /** The decoder has seen what the last call took. */
  #follow(decoder: NativeDecoder): void {
    const { bytes, currentTime, backlog, delayMs } = this.#report;
    decoder.setCurrentTime(currentTime);
    if (bytes > 0) this.#decodedMs = performance.now() - (backlog === 0 ? 0 : delayMs);
  }

  /** The same, but all of them, and no decoder follows. Where the stream has ended: why. */
  discard(): "close" | "disconnected" | "io" | undefined {
    if (this.#closed) return "close";
    const { symbols, check } = this.native;
    const status = symbols.nd_stream_clear_backlog(this.#handle, 0, 0, this.#report.block);
    check(status, "clear backlog", this.#options.device);
    return status === statuses.ended ? endOf(this.#report.endReason) : undefined;
  }

  /** Tells the decoder how long it has seen nothing, as all was discarded until now. */
  skip(): void {
    const nowMs = performance.now();
    if (!this.#closed) this.#options.decoder?.gap(1000 * (nowMs - (this.#decodedMs ?? nowMs)));
    this.#decodedMs = nowMs;
  }

  /** Runs `attach` with the native stream. What it gives is told of the stream's end, until {@link untap}. */
  tap<Tap extends StreamTap>(attach: (stream: number) => Tap): Tap {
    const tap = attach(this.#handle);
    this.#taps.add(tap);
    return tap;
  }

  /** The tap is done. */
  untap(tap: StreamTap): void {
    this.#taps.delete(tap);
  }

  /** Totals, read now; after the end, those of the end. */
  statistics(): StreamStatistics {
    if (this.#last !== undefined) return this.#last;
    const block = new Float64Array(blockLength("stream_statistics"));
    const status = this.native.symbols.nd_stream_statistics(this.#handle, block);
    this.native.check(status, "read statistics", this.#options.device);
    const at = (field: keyof typeof statisticsIndex): number => block[statisticsIndex[field]]!;
    return {
      transfers: at("transfers"),
      bytes: at("bytes"),
      droppedTransfers: at("dropped_transfers"),
      droppedBytes: at("dropped_bytes"),
      zeroLengthTransfers: at("zero_length_transfers"),
      stalls: at("stalls"),
      errors: at("errors"),
      transfersRequested: at("transfers_requested"),
      transfersInFlight: at("transfers_in_flight"),
      backlog: at("backlog"),
      backlogPeak: at("backlog_peak"),
      backlogBytes: at("backlog_bytes"),
      slots: at("slots"),
      slotsCommitted: at("slots_committed"),
      dmaSlots: at("dma_slots"),
      readerPriority: readerPriorities[at("reader_priority")]!,
      decoder: this.#options.decoder?.statistics,
    };
  }

  /**
   * Gives the memory of one transfer back for good, so that a command finds some. False where the stream has no
   * transfer to spare, or none any more.
   */
  giveBack(): boolean {
    return !this.#closed && this.native.symbols.nd_stream_give_back(this.#handle) === statuses.ok;
  }

  /** Cancels the transfers, ends the native thread; detaches the last packet where memory is reused. Waits end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Cancelled transfers may bring bytes, so the account is complete only when all of them are back.
    this.native.symbols.nd_stream_stop(this.#handle);
    const deadlineMs = performance.now() + tapLimitMs;
    for (const tap of [...this.#taps]) tap.finish(deadlineMs);
    this.#last = this.statistics();
    this.native.symbols.nd_stream_close(this.#handle);
    this.#waiter?.close();
    this.#memory.close();
    this.#options.decoder?.close();
  }
}

function endOf(reason: EndReason): "close" | "disconnected" | "io" {
  return reason === "closed" ? "close" : reason === "disconnected" ? "disconnected" : "io";
}

/** Room for a whole batch of raw packets, within reason: at least one, at most 8 MiB unless one is larger. */
function rawCapacity({ bufferBytes }: UsbConfiguration, maximumRawPackets: number): number {
  const wanted = (maximumRawPackets === 0 ? Infinity : maximumRawPackets) * bufferBytes;
  return Math.max(bufferBytes, Math.min(wanted, 8 << 20));
}

function openStream(native: Native, options: EventStreamOptions): number {
  const { usbConfiguration } = options;
  const block = new Float64Array(blockLength("stream_options"));
  block[optionsIndex.endpoint] = options.endpoint;
  block[optionsIndex.format] = formatNumber(options.format);
  block[optionsIndex.buffer_length] = usbConfiguration.bufferBytes;
  block[optionsIndex.ring_length] = usbConfiguration.ringLength;
  block[optionsIndex.transfer_queue_length] = usbConfiguration.transferQueueLength;
  block[optionsIndex.allow_dma] = usbConfiguration.allowDma ? 1 : 0;
  const opened = new Float64Array(blockLength("stream_opened"));
  const path = cString(options.libusbPath);
  const status = native.symbols.nd_stream_open(path, options.context, options.deviceHandle, block, opened);
  if (status === statuses.submit_failed) {
    const name = options.libusbErrorName(opened[openedIndex.libusb_error]!);
    if (name === "LIBUSB_ERROR_NO_DEVICE") {
      throw deviceError("disconnected", `the camera was unplugged (${name})`, {
        operation: "start stream",
        device: options.device,
      });
    }
    throw submitFailure(usbConfiguration, options.device, name);
  }
  if (status === statuses.out_of_memory) throw memoryFailure(usbConfiguration, options.device);
  native.check(status, "start stream", options.device);
  return opened[openedIndex.handle]!;
}
