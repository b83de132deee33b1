import type { AnyPacket, StreamItem } from "./stream_item.ts";
import { done, Iteration, type IterationOwner, remainingMs, type Result } from "./iteration.ts";

/** Iterates and blocks the thread while it waits: for scripts that do nothing else. */
export class SyncPackets implements IterableIterator<StreamItem<AnyPacket | undefined>, undefined> {
  readonly #iteration: Iteration;

  constructor(owner: IterationOwner, device: unknown) {
    this.#iteration = new Iteration(owner, device);
  }

  next(): Result {
    const iteration = this.#iteration;
    iteration.begin();
    const deadlineMs = iteration.deadlineMs();
    let result = iteration.first(deadlineMs, true);
    while (result === undefined) {
      iteration.owner.stream.waitSync(remainingMs(deadlineMs));
      result = iteration.attempt(deadlineMs, true);
    }
    return result;
  }

  return(): Result {
    this.#iteration.end();
    return done;
  }

  throw(error?: unknown): Result {
    this.#iteration.end();
    throw error;
  }

  [Symbol.iterator](): this {
    return this;
  }
}
