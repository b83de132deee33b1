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
  const timeoutMs = limit.cut(exchange.timeoutMs);
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
const DRAIN_SLICE_MS = 20;

/** Far more than a camera's buffers hold: without a bound, a sensor that does not stop would hold us forever. */
const MAXIMUM_DRAINED_CHUNKS = 1_024;

/** The transfers of a drain, in slices of its time, between which the event loop has its turn. */
export function* drained(endpoint: number, timeoutMs: number): Protocol<Uint8Array | undefined> {
  const sliceMs = Math.min(timeoutMs, DRAIN_SLICE_MS);
  let idleMs = 0;
  let chunk: Uint8Array | undefined;
  for (let chunks = 0; chunks < MAXIMUM_DRAINED_CHUNKS;) {
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
