/// <reference lib="dom" />
import { MessageReader, type StreamHeader, type StreamMessage } from "../../wire.ts";
import { errorOf } from "../../wire_errors.ts";
import type { RawItem } from "../renderer/live_decoder.ts";
import type { SourceStatistics } from "../source.ts";
import { Present } from "./present.ts";
import { gone } from "./remote_requests.ts";

/** What a stream is made of. */
export interface RemoteStreamOptions {
  /** Begins the body of the answer. */
  readonly begin: (signal: AbortSignal) => Promise<ReadableStreamDefaultReader<Uint8Array>>;
  /** Called for what is no data. */
  readonly onNews: (header: News) => void;
}

/** What the stream tells beside data. */
export type News = Exclude<StreamHeader, { readonly kind: "data" | "end" }>;

/**
 * A camera's messages as items. A loop borrows it: leaving it leaves the stream open. It reads no more than the loop asks
 * for, so that the server knows where the page is too slow. What comes late is left out, and counts as dropped.
 */
export class RemoteStream implements AsyncIterable<RawItem> {
  readonly #options: RemoteStreamOptions;
  readonly #ending = new AbortController();
  readonly #items: AsyncGenerator<RawItem, void, undefined>;
  #statistics = { bytes: 0, droppedTransfers: 0, droppedBytes: 0, backlog: 0 };

  constructor(options: RemoteStreamOptions) {
    this.#options = options;
    this.#items = new Present().itemsOf(this.#read());
  }

  /** Totals of what was handed out; what the server or the page left out counts as dropped. */
  get statistics(): SourceStatistics {
    return this.#statistics;
  }

  [Symbol.asyncIterator](): AsyncIterator<RawItem, undefined> {
    return {
      next: () => this.#next(),
      return: () => Promise.resolve({ done: true, value: undefined }),
    };
  }

  /** Ends it; a loop that runs ends quietly. */
  close(): void {
    this.#ending.abort();
  }

  async #next(): Promise<IteratorResult<RawItem, undefined>> {
    const { signal } = this.#ending;
    const end = { done: true, value: undefined } as const;
    if (signal.aborted) return end;
    const next = await this.#items.next().catch((error) => {
      if (!signal.aborted) throw error;
      return end;
    });
    if (next.done === true || signal.aborted) return end;
    this.#count(next.value);
    return next;
  }

  async *#read(): AsyncGenerator<RawItem, void, undefined> {
    for await (const { header, bytes } of this.#messages()) {
      if (header.kind === "data") yield { status: header.status, packet: bytes };
      else if (header.kind !== "end") this.#options.onNews(header);
      else if (header.error !== null) throw errorOf(header.error, "io");
    }
  }

  async *#messages(): AsyncGenerator<StreamMessage, void, undefined> {
    const reader = new MessageReader();
    const body = await this.#options.begin(this.#ending.signal);
    let isEnded = false;
    while (true) {
      const { done, value } = await body.read().catch((cause) => {
        throw gone(cause);
      });
      if (done) break;
      for (const message of reader.push(value)) {
        isEnded = message.header.kind === "end";
        yield message;
      }
    }
    if (!isEnded) throw gone();
  }

  #count({ status: { bytes, droppedTransfers, droppedBytes, backlog } }: RawItem): void {
    const before = this.#statistics;
    this.#statistics = {
      bytes: before.bytes + bytes,
      droppedTransfers: before.droppedTransfers + droppedTransfers,
      droppedBytes: before.droppedBytes + droppedBytes,
      backlog,
    };
  }
}
