import { setImmediate } from "node:timers";
import { NeuromorphicError } from "../errors.ts";
import type { AnyPacket, EventStream, StreamItem } from "./event_stream.ts";

/** How long native waits last when the program set no limit; only so that nothing can wait for ever. */
const waitSliceMs = 1000;

/**
 * How long a loop may run on packets that are there already before the event loop gets its turn (timers, signals,
 * sockets would starve otherwise).
 */
const turnMs = 5;

/** What an iteration needs of the device around the stream. */
export interface IterationOwner {
  readonly stream: EventStream;
  /** For messages. */
  readonly description: string;
  /** After this time an iteration gives `packet: undefined`. Undefined: it waits as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** Set when a signal ended the stream. */
  readonly aborted: { readonly reason: unknown } | undefined;
  /** Stops the camera and gives everything back. */
  close(): void;
}

type Result = IteratorResult<StreamItem<AnyPacket | undefined>, undefined>;

const done: Result = { done: true, value: undefined };

/** Iterates without blocking the event loop. */
export class AsyncPackets implements AsyncIterableIterator<StreamItem<AnyPacket | undefined>, undefined> {
  readonly #owner: IterationOwner;
  /** Kept from the garbage collector while somebody iterates. */
  readonly holds: unknown;
  #turnEndsMs = 0;

  constructor(owner: IterationOwner, holds: unknown) {
    this.#owner = owner;
    this.holds = holds;
  }

  async next(): Promise<Result> {
    const owner = this.#owner;
    if (performance.now() > this.#turnEndsMs) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#turnEndsMs = performance.now() + turnMs;
    }
    const deadlineMs = deadlineOf(owner);
    let result = owner.stream.isQuiet ? undefined : attempt(owner, deadlineMs);
    while (result === undefined) {
      await owner.stream.wait(remaining(deadlineMs));
      this.#turnEndsMs = performance.now() + turnMs;
      result = attempt(owner, deadlineMs);
    }
    return result;
  }

  return(): Promise<Result> {
    this.#owner.close();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Iterates and blocks the thread while it waits: for scripts that do nothing else. */
export class SyncPackets implements IterableIterator<StreamItem<AnyPacket | undefined>, undefined> {
  readonly #owner: IterationOwner;
  /** Kept from the garbage collector while somebody iterates. */
  readonly holds: unknown;

  constructor(owner: IterationOwner, holds: unknown) {
    this.#owner = owner;
    this.holds = holds;
  }

  next(): Result {
    const owner = this.#owner;
    const deadlineMs = deadlineOf(owner);
    let result = owner.stream.isQuiet ? undefined : attempt(owner, deadlineMs);
    while (result === undefined) {
      owner.stream.waitSync(remaining(deadlineMs));
      result = attempt(owner, deadlineMs);
    }
    return result;
  }

  return(): Result {
    this.#owner.close();
    return done;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** What an iteration gives now; undefined when it has to wait. Throws where the stream broke. */
function attempt(owner: IterationOwner, deadlineMs: number | undefined): Result | undefined {
  if (owner.aborted !== undefined) throw owner.aborted.reason;
  const item = owner.stream.read();
  if (item === undefined) {
    if (deadlineMs === undefined || performance.now() < deadlineMs) return undefined;
    return { done: false, value: { status: owner.stream.idleStatus(), packet: undefined } };
  }
  if (typeof item === "object") return { done: false, value: item };
  owner.close();
  if (item === "closed") return done;
  throw item === "disconnected"
    ? new NeuromorphicError("disconnected", "the camera was unplugged", {
      operation: "read events",
      device: owner.description,
    })
    : new NeuromorphicError("io", "the USB transfers keep failing", {
      operation: "read events",
      device: owner.description,
    });
}

function deadlineOf(owner: IterationOwner): number | undefined {
  return owner.timeoutMs === undefined ? undefined : performance.now() + owner.timeoutMs;
}

/** Whole milliseconds until the deadline, at most a slice. */
function remaining(deadlineMs: number | undefined): number {
  if (deadlineMs === undefined) return waitSliceMs;
  return Math.max(0, Math.min(waitSliceMs, Math.ceil(deadlineMs - performance.now())));
}
