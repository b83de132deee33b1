/** What both runners do alike: a transfer, its time, and a drain as the transfers that it is made of. */

import type { AsyncBus, Awaitable, SyncBus } from "./bus.ts";
import type { Exchange, Protocol, Transfer } from "./exchange.ts";
import { untriedError } from "./failures.ts";

/** Starts a transfer; the result is the bus's, at once or later. */
export function transfer(bus: SyncBus, exchange: Transfer, limit: TimeLimit): Uint8Array | void;
export function transfer(bus: AsyncBus, exchange: Transfer, limit: TimeLimit): Awaitable<Uint8Array | undefined | void>;
export function transfer(
  bus: AsyncBus,
  exchange: Transfer,
  limit: TimeLimit,
): Awaitable<Uint8Array | undefined | void> {
  const timeoutMs = limit.cut("timeoutMs" in exchange ? exchange.timeoutMs : Infinity);
  switch (exchange.kind) {
    case "control-in": {
      const { requestType, request, value, index, length } = exchange;
      return bus.controlIn({ requestType, request, value, index, length, timeoutMs });
    }
    case "control-out": {
      const { requestType, request, value, index, bytes } = exchange;
      return bus.controlOut({ requestType, request, value, index, bytes, timeoutMs });
    }
    case "bulk-out":
      return bus.bulkOut(exchange.endpoint, exchange.bytes, timeoutMs);
    case "bulk-in":
      return bus.bulkIn(exchange.endpoint, exchange.length, timeoutMs);
    case "clear-halt":
      return bus.clearHalt(exchange.endpoint);
    case "alternate-setting":
      return bus.selectAlternateSetting(exchange.interfaceNumber, exchange.setting);
  }
}

/** Until when transfers may begin, and when all shall be over. */
export class TimeLimit {
  #beginMs = Infinity;
  #endMs = Infinity;

  set({ kind, withinMs }: Extract<Exchange, { kind: "limit" | "begin" }>): void {
    if (kind === "begin") this.#beginMs = performance.now() + withinMs;
    else this.#endMs = performance.now() + withinMs;
  }

  /** A timeout that ends with the limit; throws where a transfer must not begin any more. */
  cut(timeoutMs: number): number {
    const nowMs = performance.now();
    const leftMs = Math.ceil(this.#endMs - nowMs);
    if (leftMs <= 0 || nowMs >= this.#beginMs) throw untriedError();
    return Math.min(timeoutMs, leftMs);
  }
}

const DRAINED_CHUNK_LENGTH = 131_072;

/** So long a bus that answers at once stands still while nothing comes. */
const DRAIN_SLICE_MS = 25;

/**
 * More chunks than a camera's buffers hold: the 512 KiB of an FX3 in pieces of 8 KiB. A program that stood still for
 * longer than the drain's time shall not take the rest of an earlier session for a sensor that sends.
 */
const MAXIMUM_STALE_CHUNKS = 64;

/** This number of chunks is a sensor that sends, also before the time is over. */
const MAXIMUM_DRAINED_CHUNKS = 1_024;

/** The transfers of a drain, in slices of its time, between which the event loop has its turn. */
export function* drained(
  endpoint: number,
  { timeoutMs, withinMs }: { readonly timeoutMs: number; readonly withinMs: number },
): Protocol<Uint8Array | undefined> {
  const sliceMs = Math.min(timeoutMs, DRAIN_SLICE_MS);
  const endMs = performance.now() + withinMs;
  let idleMs = 0;
  let chunk: Uint8Array | undefined;
  const isSending = (chunks: number) =>
    chunks >= MAXIMUM_DRAINED_CHUNKS || chunks >= MAXIMUM_STALE_CHUNKS && performance.now() >= endMs;
  for (let chunks = 0; !isSending(chunks);) {
    const received: Uint8Array | undefined = yield {
      kind: "bulk-in",
      endpoint,
      length: DRAINED_CHUNK_LENGTH,
      timeoutMs: sliceMs,
    };
    if (received?.length === 0) return undefined;
    if (received === undefined) {
      idleMs += sliceMs;
      if (idleMs >= timeoutMs) return undefined;
    } else {
      idleMs = 0;
      chunks += 1;
      chunk = received;
    }
  }
  return chunk;
}
