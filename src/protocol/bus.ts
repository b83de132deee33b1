import type { ControlInRequest, ControlOutRequest } from "./exchange.ts";

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/**
 * The transfers of an open device, which may answer later (WebUSB) or at once (libusb).
 *
 * Every method throws, or rejects with, a `NeuromorphicError`: "disconnected", "io" (timeouts, stalls), "closed".
 * The halt of a bulk endpoint that answered with STALL is cleared before that, so that the next transfer finds it
 * ready. Where the system had no memory for the transfer, the error is marked (`markLackOfMemory` in `failures.ts`).
 */
export interface AsyncBus {
  /** What error messages call the device. */
  readonly description: string;
  /** Returns the bytes of the reply, which may be fewer than asked for. */
  controlIn(request: ControlInRequest): Awaitable<Uint8Array>;
  /** Sends all bytes or throws. */
  controlOut(request: ControlOutRequest): Awaitable<void>;
  /** Sends all bytes or throws. */
  bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): Awaitable<void>;
  /** Returns the bytes received, at most `length`; undefined when nothing came within the time. */
  bulkIn(endpoint: number, length: number, timeoutMs: number): Awaitable<Uint8Array | undefined>;
  /** Clears the halt of a bulk endpoint. */
  clearHalt(endpoint: number): Awaitable<void>;
  /** Selects an alternate setting of an interface that is claimed. */
  selectAlternateSetting(interfaceNumber: number, setting: number): Awaitable<void>;
  /**
   * How many requests of a dialogue are on their way before the first reply has come. Absent on a bus that queues no
   * transfers: each is over before the next.
   */
  readonly requestsAhead?: number;
}

/** An {@link AsyncBus} that answers at once, blocking the thread meanwhile. */
export interface SyncBus extends AsyncBus {
  controlIn(request: ControlInRequest): Uint8Array;
  controlOut(request: ControlOutRequest): void;
  bulkOut(endpoint: number, bytes: Uint8Array, timeoutMs: number): void;
  bulkIn(endpoint: number, length: number, timeoutMs: number): Uint8Array | undefined;
  clearHalt(endpoint: number): void;
  selectAlternateSetting(interfaceNumber: number, setting: number): void;
}
