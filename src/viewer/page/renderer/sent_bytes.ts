import type { RawItem } from "./live_decoder.ts";

/** Bytes that the page sends, in their order. One loop reads them. */
export class SentBytes implements AsyncIterable<RawItem> {
  readonly #taken: (bytes: number) => void;
  #items: RawItem[] = [];
  #hasEnded = false;
  #wake: () => void = () => {};

  /** `taken` is called for each item when the next one is asked for: then it was read. */
  constructor(taken: (bytes: number) => void) {
    this.#taken = taken;
  }

  /** Bytes came. */
  push(item: RawItem): void {
    this.#items.push(item);
    this.#wake();
  }

  /** No more come. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RawItem, void, undefined> {
    while (true) {
      const items = this.#items;
      this.#items = [];
      for (const item of items) {
        yield item;
        this.#taken(item.packet.length);
      }
      if (this.#items.length > 0) continue;
      if (this.#hasEnded) return;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}
