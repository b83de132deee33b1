/** What both runners do alike: a transfer, its time, and a drain as the transfers that it is made of. */

import type { AsyncBus, Awaitable, SyncBus } from "./bus.ts";
import type { Protocol, Transfer } from "./exchange.ts";
import { protocolError } from "./failures.ts";

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

/** When an {@link Exchange} of kind "limit" wants all to be over. */
export class TimeLimit {
  #endMs = Infinity;

  set(withinMs: number): void {
    this.#endMs = performance.now() + withinMs;
  }

  /** A timeout that ends with the limit; throws where the limit is over. */
  cut(timeoutMs: number): number {
    const leftMs = Math.ceil(this.#endMs - performance.now());
    if (leftMs <= 0) throw protocolError("io", "transfer", "not tried: there is no time left");
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
