/** One call for the next item of an iteration. */
export interface Call<Item> {
  /** The program has the packets before this one, so that their memory may be used again where that was asked for. */
  readonly mayReuse: boolean;
  /** Whether no later call has been made yet. */
  isLast(): boolean;
  /** Gets the result in the step that takes it from the source: an end of the iteration comes before both, or after both. */
  readonly deliver?: (result: IteratorResult<Item, undefined>) => void;
}

/** One iteration over a source: takes an item at a time. It begins with the first one. */
export interface ItemTaker<Item> {
  /** Takes the next item, hands it to the call's `deliver`, and returns it. */
  take(call: Call<Item>): Promise<IteratorResult<Item, undefined>>;
  /** Ends the iteration; a call that waits returns. */
  end(): void;
}

/** Iterates without blocking the event loop. Calls that come before the last one is settled are answered in their order. */
export class AsyncPackets<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #iteration: ItemTaker<Item>;
  /** The last call of `next`, until it is settled. */
  #last: Promise<IteratorResult<Item, undefined>> | undefined;
  /** How many calls of `next` were made, and how many of them are settled. */
  #made = 0;
  #settled = 0;
  readonly #settle = () => {
    this.#settled += 1;
    if (this.#settled === this.#made) this.#last = undefined;
  };

  constructor(iteration: ItemTaker<Item>) {
    this.#iteration = iteration;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const before = this.#last;
    const number = this.#made += 1;
    const call = { mayReuse: before === undefined, isLast: () => this.#made === number };
    const result = before === undefined ? this.#iteration.take(call) : this.#takeAfter(before, call);
    this.#last = result;
    result.then(this.#settle, this.#settle);
    return result;
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#iteration.end();
    await this.#last?.catch(() => {});
    return { done: true, value: undefined };
  }

  async throw(error?: unknown): Promise<IteratorResult<Item, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Where a call before it is not settled, the program has not seen the packet of that call. */
  async #takeAfter(before: Promise<unknown>, call: Call<Item>): Promise<IteratorResult<Item, undefined>> {
    await before.catch(() => {});
    return await this.#iteration.take(call);
  }
}
