import type { RawItem } from "./live_decoder.ts";

/** Items with few bytes take room, too. */
const fewestBytes = 4096;

/** The page is told of each 1 MiB that was read: a quarter of what it keeps on the way. */
const toldBytes = 1 << 20;

/** Bytes that an item counts as while it is on its way to the Worker. */
export function weightOf({ packet }: RawItem): number {
  return Math.max(fewestBytes, packet.length);
}

/** Bytes that the page sends, in their order. One loop reads them. */
export class SentBytes implements AsyncIterable<RawItem> {
  readonly #taken: (bytes: number) => void;
  #takenBytes = 0;
  #items: RawItem[] = [];
  #hasEnded = false;
  #wake: () => void = () => {};

  /** `taken` gets how much was read, as {@link weightOf} has it: now and then, a message for each item would be many. */
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
        this.#takenBytes += weightOf(item);
        if (this.#takenBytes < toldBytes) continue;
        this.#taken(this.#takenBytes);
        this.#takenBytes = 0;
      }
      if (this.#items.length > 0) continue;
      if (this.#hasEnded) return;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}
