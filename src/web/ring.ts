import type { EventFormat } from "../decoder/decoder.ts";
import { IdleScan } from "./idle_scan.ts";

/** What was lost between two raw packets. */
export interface Loss {
  readonly transfers: number;
  readonly bytes: number;
}

/** A raw packet that waits for the reader. */
export interface RawPacket {
  readonly bytes: Uint8Array;
  /** When it was received, on the clock of `performance.now()`. */
  readonly receivedMs: number;
  /** How long after the raw packet before. */
  readonly silenceUs: number;
  /** Lost between that one and this one; undefined where nothing was. */
  readonly loss: Loss | undefined;
  /** No event comes from it. */
  readonly isIdle: boolean;
  /** Something beside the reader has the bytes, too. */
  readonly isShared: boolean;
}

/** How long raw packets without events may wait for one with events. */
const idleHoldMs = 100;

/**
 * Raw packets between the bus and the reader, in their order. Where it is full, the newest are dropped, counted, and
 * marked in the next one that is kept. Each raw packet has memory of its own, as the browser gave it.
 *
 * A sensor that sees nothing sends a thousand tiny transfers a second. Those without an event wait until one with an event
 * comes, 100 ms pass or many wait; a read takes them at any time.
 */
export class Ring {
  readonly #capacity: number;
  readonly #idleScan: IdleScan;
  readonly #packets: (RawPacket | undefined)[] = [];
  /** Where the oldest one is; those before it are gone. */
  #first = 0;
  #bytes = 0;
  #peak = 0;
  #pending: { transfers: number; bytes: number } | undefined;
  #lastReceivedMs: number | undefined;
  /** Those that wait and are not idle. */
  #busy = 0;

  /** `capacity`: the most raw packets that wait. */
  constructor(capacity: number, format: EventFormat) {
    this.#capacity = capacity;
    this.#idleScan = new IdleScan(format);
  }

  /** Raw packets that wait. */
  get length(): number {
    return this.#packets.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get peak(): number {
    return this.#peak;
  }

  /** What was lost since the last raw packet. */
  get pendingLoss(): Loss | undefined {
    return this.#pending;
  }

  /** When a waiter is to be told of what is there, on the clock of `performance.now()`; `Infinity` where nothing is. */
  get readyAtMs(): number {
    const oldest = this.at(0);
    if (oldest === undefined) return Infinity;
    return this.#busy > 0 || this.length > this.#capacity / 4 ? 0 : oldest.receivedMs + idleHoldMs;
  }

  /**
   * Adds a raw packet, which belongs to the ring from now on, unless it is shared. False where there is no room: it is lost.
   */
  push(bytes: Uint8Array, nowMs: number, isShared: boolean = false): boolean {
    if (this.length >= this.#capacity) {
      this.lose(bytes.length);
      return false;
    }
    const isIdle = this.#idleScan.isIdle(bytes, this.#pending !== undefined);
    const silenceUs = Math.round(1000 * Math.max(0, nowMs - (this.#lastReceivedMs ?? nowMs)));
    this.#packets.push({ bytes, receivedMs: nowMs, silenceUs, loss: this.#pending, isIdle, isShared });
    this.#pending = undefined;
    this.#lastReceivedMs = nowMs;
    this.#bytes += bytes.length;
    this.#peak = Math.max(this.#peak, this.length);
    if (!isIdle) this.#busy += 1;
    return true;
  }

  /** A transfer's bytes could not be kept, or did not come. */
  lose(bytes: number): void {
    const { transfers, bytes: before } = this.#pending ?? { transfers: 0, bytes: 0 };
    this.#pending = { transfers: transfers + 1, bytes: before + bytes };
  }

  /** The loss after which no raw packet comes any more: it is told once. */
  takePendingLoss(): Loss | undefined {
    const loss = this.#pending;
    this.#pending = undefined;
    return loss;
  }

  /** One that waits: the oldest has index 0. */
  at(index: number): RawPacket | undefined {
    return this.#packets[this.#first + index];
  }

  /** The oldest one is done. */
  shift(): void {
    const packet = this.#packets[this.#first]!;
    this.#packets[this.#first++] = undefined;
    this.#bytes -= packet.bytes.length;
    if (!packet.isIdle) this.#busy -= 1;
    if (this.#first < 1024 && this.#first < this.#packets.length) return;
    this.#packets.splice(0, this.#first);
    this.#first = 0;
  }
}
