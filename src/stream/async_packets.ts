import { AsyncIteration } from "./async_iteration.ts";
import type { AnyPacket, StreamItem } from "./stream_item.ts";
import { done, type IterationOwner, type Result } from "./iteration.ts";

/** Iterates without blocking the event loop. */
export class AsyncPackets implements AsyncIterableIterator<StreamItem<AnyPacket | undefined>, undefined> {
  readonly #iteration: AsyncIteration;
  /** The last call of `next`, until it is settled. */
  #last: Promise<Result> | undefined;

  constructor(owner: IterationOwner, device: unknown) {
    this.#iteration = new AsyncIteration(owner, device);
  }

  /**
   * Calls that come before the last one is settled are answered in their order. They never take back the memory of a
   * packet: when they were made, the program had not seen the packets before.
   */
  next(): Promise<Result> {
    const before = this.#last;
    const result = before === undefined ? this.#iteration.take(true) : this.#takeAfter(before);
    this.#last = result;
    const settled = () => {
      if (this.#last === result) this.#last = undefined;
    };
    result.then(settled, settled);
    return result;
  }

  async return(): Promise<Result> {
    this.#iteration.end();
    await this.#last?.catch(() => {});
    return done;
  }

  async throw(error?: unknown): Promise<Result> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #takeAfter(before: Promise<Result>): Promise<Result> {
    await before.catch(() => {});
    return await this.#iteration.take(false);
  }
}
