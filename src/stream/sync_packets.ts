import type { AnyPacket, StreamItem } from "./stream_item.ts";
import { done, type IterableStream, Iteration, type IterationOwner, remainingMs, type Result } from "./iteration.ts";

/** A device whose stream can be waited for without an event loop. */
interface BlockingOwner extends IterationOwner {
  readonly stream: IterableStream & { waitSync(timeoutMs: number): void };
}

/** Iterates and blocks the thread while it waits: for scripts that do nothing else. */
export class SyncPackets implements IterableIterator<StreamItem<AnyPacket | undefined>, undefined> {
  readonly #iteration: Iteration;
  readonly #stream: BlockingOwner["stream"];

  constructor(owner: BlockingOwner, device: unknown) {
    this.#stream = owner.stream;
    this.#iteration = new Iteration(owner, device);
  }

  next(): Result {
    const iteration = this.#iteration;
    iteration.begin();
    const deadlineMs = iteration.deadlineMs();
    let result = iteration.first(deadlineMs, true);
    while (result === undefined) {
      this.#stream.waitSync(remainingMs(deadlineMs));
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
