/** What a stream gives, and what it knows of itself: the same over libusb and over WebUSB. */

import type { DecoderStatistics } from "../decoder/decoder.ts";
import type { Packet } from "../packets/packet.ts";
import type { Status } from "../packets/status.ts";

/** What an iteration gives. */
export interface StreamItem<P> {
  /** What is known about the packet, and about the stream at that moment. */
  readonly status: Status;
  /** Events, or the bytes as they came in raw mode; undefined where nothing came within `iteratorTimeoutMs`. */
  readonly packet: P;
}

/** What a stream can hand out: decoded packets, or the bytes as they came. */
export type AnyPacket = Packet | Uint8Array<ArrayBuffer>;

/**
 * How the system favours the thread that receives the transfers. On a machine whose processors have other work, a thread
 * that comes late lets the camera lose data.
 *
 * - `"realtime"`: it runs before all usual threads (Linux, with a right that `doctor` tells how to get).
 * - `"raised"`: it gets more of a processor than they do (macOS, Windows; Linux with a right to nice values below 0).
 * - `"usual"`: as all others. So it is also in a web page, and under Linux where the program has a nice value or a policy
 *   of its own.
 *
 * A thread that works for more than half of the time, as only a virtual camera makes it do, is a usual one meanwhile.
 */
export type ReaderPriority = "realtime" | "raised" | "usual";

/**
 * Totals of a stream since the device was opened. No byte is without its place: `bytes` are those handed to the program
 * (or thrown away by `clearBacklog`), `droppedBytes` and `backlogBytes` together, at any time.
 */
export interface StreamStatistics {
  /** USB transfers that completed. */
  readonly transfers: number;
  /** Their bytes, those dropped included. */
  readonly bytes: number;
  /** Transfers lost, because the ring was full or the transfer failed. */
  readonly droppedTransfers: number;
  /** Their bytes. */
  readonly droppedBytes: number;
  /** Transfers that completed without a byte; they use no slot. */
  readonly zeroLengthTransfers: number;
  /** Halts of the endpoint (STALL), each cleared. */
  readonly stalls: number;
  /** Transfers that failed otherwise. */
  readonly errors: number;
  /** Transfers asked for: `transferQueueLength`. */
  readonly transfersRequested: number;
  /** Transfers that wait on the bus now: fewer than asked for where the system has no memory for them. */
  readonly transfersInFlight: number;
  /** Raw packets that wait for the program now. */
  readonly backlog: number;
  /** The most raw packets that have ever waited. */
  readonly backlogPeak: number;
  /** Bytes that wait for the program now; after the device was closed, those that it left unread. */
  readonly backlogBytes: number;
  /** Slots of the ring: `ringLength`. */
  readonly slots: number;
  /** Slots with memory behind them now. */
  readonly slotsCommitted: number;
  /** Slots with memory that the USB controller writes to directly: see `allowDma`. */
  readonly dmaSlots: number;
  /** How the system favours the native thread that receives the transfers. */
  readonly readerPriority: ReaderPriority;
  /** Totals of the decoder, what it dropped among them; undefined in raw mode. */
  readonly decoder: DecoderStatistics | undefined;
}
