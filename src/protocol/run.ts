/** The two runners: what carries a protocol out. */

import { NeuromorphicError } from "../errors.ts";
import type { AsyncBus, SyncBus } from "./bus.ts";
import { askAhead, oneByOne } from "./dialogue.ts";
import type { Dialogue, Exchange, Protocol } from "./exchange.ts";
import { nameDevice } from "./failures.ts";
import type { Settling } from "./settling.ts";
import { drained, TimeLimit, transfer } from "./transfer.ts";

/** With what {@link runSync} carries a protocol out. */
export interface RunSyncOptions {
  readonly bus: SyncBus;
  readonly settling: Settling;
}

/** With what {@link run} carries a protocol out. */
export interface RunOptions {
  readonly bus: AsyncBus;
  readonly settling: Settling;
  /** Aborting it ends the protocol, which then undoes what it did. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carries a protocol out and returns its result, blocking the thread: for updates, measurements and the shutdown.
 *
 * Throws what the protocol throws; a `NeuromorphicError` then names the bus's device.
 */
export function runSync<Result>(protocol: Protocol<Result>, { bus, settling }: RunSyncOptions): Result {
  try {
    return exchangeSync(protocol, bus, settling, new TimeLimit());
  } catch (error) {
    throw nameDevice(error, bus.description);
  }
}

function exchangeSync<Result>(protocol: Protocol<Result>, bus: SyncBus, settling: Settling, limit: TimeLimit): Result {
  let step = protocol.next();
  while (step.done !== true) {
    let reply: Uint8Array | undefined;
    try {
      reply = carryOutSync(step.value, bus, settling, limit);
    } catch (error) {
      step = protocol.throw(error);
      continue;
    }
    step = protocol.next(reply);
  }
  return step.value;
}

function carryOutSync(
  exchange: Exchange,
  bus: SyncBus,
  settling: Settling,
  limit: TimeLimit,
): Uint8Array | undefined {
  switch (exchange.kind) {
    case "wait":
      settling.waitSync(exchange.us);
      return undefined;
    case "limit":
    case "begin":
      limit.set(exchange);
      return undefined;
    case "drain":
      return exchangeSync(drained(exchange.endpoint, settled(exchange, settling)), bus, settling, limit);
    case "dialogue":
      exchangeSync(oneByOne(exchange), bus, settling, limit);
      return undefined;
    default:
      return transfer(bus, exchange, limit) ?? undefined;
  }
}

/**
 * Carries a protocol out over a bus that may answer later, and resolves to its result. The event loop has its turn
 * meanwhile, also where the bus answers at once.
 *
 * Rejects with what the protocol throws, where a `NeuromorphicError` then names the bus's device; or, when the signal
 * aborts, with its reason, as soon as the protocol's `finally` blocks are through.
 */
export async function run<Result>(protocol: Protocol<Result>, options: RunOptions): Promise<Result> {
  try {
    return await new AsyncRunner(options).exchange(protocol, options.signal);
  } catch (error) {
    const { bus, signal } = options;
    throw isAborted(signal) && error === signal?.reason ? error : nameDevice(error, bus.description);
  }
}

/** How long exchanges may follow each other before the event loop gets its turn (timers and signals would starve). */
const TURN_MS = 5;

class AsyncRunner {
  readonly #bus: AsyncBus;
  readonly #settling: Settling;
  readonly #limit = new TimeLimit();
  #turnEndsMs = performance.now() + TURN_MS;

  constructor({ bus, settling }: RunOptions) {
    this.#bus = bus;
    this.#settling = settling;
  }

  async exchange<Result>(protocol: Protocol<Result>, signal: AbortSignal | undefined): Promise<Result> {
    if (isAborted(signal)) return this.#abort(protocol, signal?.reason);
    let step = protocol.next();
    while (step.done !== true) {
      let reply: Uint8Array | undefined;
      try {
        reply = await this.#carryOut(step.value, signal);
        await this.#takeTurn();
      } catch (error) {
        if (isAborted(signal)) return this.#abort(protocol, signal?.reason);
        step = protocol.throw(error);
        continue;
      }
      if (isAborted(signal)) return this.#abort(protocol, signal?.reason);
      step = protocol.next(reply);
    }
    return step.value;
  }

  /** Undoes what was done, which no signal ends any more. */
  async #abort(protocol: Protocol<unknown>, reason: unknown): Promise<never> {
    try {
      await this.exchange(returning(protocol), undefined);
    } catch (error) {
      // The reason is what the caller waits for; but a bug in the undoing shall be seen.
      if (!(error instanceof NeuromorphicError)) throw error;
    }
    throw reason;
  }

  async #carryOut(exchange: Exchange, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    switch (exchange.kind) {
      case "wait":
        await this.#settling.wait(exchange.us, signal);
        return undefined;
      case "limit":
      case "begin":
        this.#limit.set(exchange);
        return undefined;
      case "drain":
        return await this.exchange(drained(exchange.endpoint, settled(exchange, this.#settling)), signal);
      case "dialogue":
        await this.#converse(exchange, signal);
        return undefined;
      default:
        return await transfer(this.#bus, exchange, this.#limit) ?? undefined;
    }
  }

  async #converse(dialogue: Dialogue, signal: AbortSignal | undefined): Promise<void> {
    const [bus, limit] = [this.#bus, this.#limit];
    if (bus.requestsAhead === undefined) await this.exchange(oneByOne(dialogue), signal);
    else await askAhead(dialogue, bus, { ahead: bus.requestsAhead, limit, signal });
  }

  async #takeTurn(): Promise<void> {
    if (performance.now() < this.#turnEndsMs) return;
    await this.#settling.turn();
    this.#turnEndsMs = performance.now() + TURN_MS;
  }
}

/** The times of a drain, of which one is expected to be over. */
function settled({ timeoutMs, withinMs }: Extract<Exchange, { kind: "drain" }>, settling: Settling) {
  return { timeoutMs: settling.timeoutMs(timeoutMs), withinMs };
}

/** The rest of a protocol that returns from where it is: its `finally` blocks. */
function* returning(protocol: Protocol<unknown>): Protocol {
  let step = protocol.return(undefined);
  while (step.done !== true) {
    let reply: Uint8Array | undefined;
    try {
      reply = yield step.value;
    } catch (error) {
      step = protocol.throw(error);
      continue;
    }
    step = protocol.next(reply);
  }
}

/** A function, because the compiler takes the property for one that stays as it was when it was read. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
