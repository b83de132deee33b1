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

  constructor(iteration: ItemTaker<Item>) {
    this.#iteration = iteration;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const before = this.#last;
    const result = this.#takeAfter(before, () => this.#last === result);
    this.#last = result;
    const settled = () => {
      if (this.#last === result) this.#last = undefined;
    };
    result.then(settled, settled);
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
  async #takeAfter(
    before: Promise<unknown> | undefined,
    isLast: () => boolean,
  ): Promise<IteratorResult<Item, undefined>> {
    if (before !== undefined) await before.catch(() => {});
    return await this.#iteration.take({ mayReuse: before === undefined, isLast });
  }
}
