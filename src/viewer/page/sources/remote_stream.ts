/// <reference lib="dom" />
import type { Decoder } from "../../../decoder/decoder.ts";
import { emptyPacket, type Packet } from "../../../packets/packet.ts";
import type { Gap } from "../../../packets/status.ts";
import { LeftOut } from "../../left_out.ts";
import { MessageReader, type StreamHeader, type StreamMessage } from "../../wire.ts";
import type { SourceItem, SourceStatistics } from "../source.ts";
import { CatchUp } from "./catch_up.ts";
import { errorOf, gone } from "./remote_requests.ts";

/** What a stream is made of. */
export interface RemoteStreamOptions {
  /** Begins the body of the answer. */
  readonly begin: (signal: AbortSignal) => Promise<ReadableStreamDefaultReader<Uint8Array>>;
  readonly decoder: Decoder;
  /** Called for what is no data. */
  readonly onNews: (header: News) => void;
}

/** What the stream tells beside data. */
export type News = Exclude<StreamHeader, { readonly kind: "data" | "end" }>;

type End = Extract<StreamHeader, { readonly kind: "end" }>;

const noBytes = new Uint8Array(0);

type Data = Extract<StreamHeader, { readonly kind: "data" }>;

/**
 * A camera's messages as items. A loop borrows it: leaving it leaves the stream open. It reads no more than the loop asks
 * for, so that the server knows where the page is too slow. What comes late is left out, and counts as dropped.
 */
export class RemoteStream implements AsyncIterable<SourceItem> {
  readonly #options: RemoteStreamOptions;
  readonly #ending = new AbortController();
  readonly #messages: AsyncGenerator<StreamMessage, void, undefined>;
  readonly #catchUp = new CatchUp();
  readonly #leftOut = new LeftOut();
  #items: Iterator<SourceItem, undefined> | undefined;
  #statistics = { bytes: 0, droppedTransfers: 0, droppedBytes: 0, backlog: 0 };
  #faults = { outOfSensor: 0, timeDiscontinuities: 0 };

  constructor(options: RemoteStreamOptions) {
    this.#options = options;
    this.#messages = this.#read();
  }

  /** Totals of what the page has decoded; what the server or the page left out counts as dropped. */
  get statistics(): SourceStatistics {
    return this.#statistics;
  }

  [Symbol.asyncIterator](): AsyncIterator<SourceItem, undefined> {
    return {
      next: () => this.#next(),
      return: () => Promise.resolve({ done: true, value: undefined }),
    };
  }

  /** Ends it; a loop that runs ends quietly. */
  close(): void {
    this.#ending.abort();
    this.#options.decoder.close();
  }

  async #next(): Promise<IteratorResult<SourceItem, undefined>> {
    while (!this.#ending.signal.aborted) {
      const item = this.#items?.next();
      if (item?.done === false) return item;
      const message = await this.#messages.next().catch((error) => {
        if (!this.#ending.signal.aborted) throw error;
      });
      if (message === undefined || message.done || this.#ending.signal.aborted) break;
      const { header, bytes } = message.value;
      if (header.kind === "data") this.#takeData(header, bytes);
      else if (header.kind !== "end") this.#options.onNews(header);
      else this.#items = this.#last(header);
    }
    return { done: true, value: undefined };
  }

  #takeData({ status }: Data, bytes: Uint8Array): void {
    const isTold = !this.#leftOut.isSomething || bytes.length > 0; // a loss stands before bytes
    if (isTold && this.#catchUp.admits(Date.now() - status.receivedMs, performance.now())) {
      this.#items = this.#decode(this.#leftOut.put(status), bytes);
    } else {
      this.#leftOut.add(status);
    }
  }

  /** What was lost at the end, and then the end. */
  *#last({ error }: End): Generator<SourceItem, undefined, undefined> {
    const rest = this.#leftOut.putRest();
    if (rest !== undefined) yield* this.#decode(rest, noBytes);
    if (error !== null) throw errorOf(error);
    return undefined;
  }

  async *#read(): AsyncGenerator<StreamMessage, void, undefined> {
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

  /** The items of a message: one for each packet that its bytes give, at least one. */
  *#decode(status: Data["status"], bytes: Uint8Array): Generator<SourceItem, undefined, undefined> {
    const { decoder } = this.#options;
    this.#count(status);
    let first: Omit<SourceItem["status"], "gaps" | "currentTime"> | undefined = status;
    let gaps: Gap[] = [];
    const item = (packet: Packet): SourceItem => {
      const consumedMs = Date.now();
      const of = first ?? { ...status, rawPackets: 0, bytes: 0, droppedTransfers: 0, droppedBytes: 0 };
      const made: SourceItem = {
        status: {
          ...of,
          consumedMs,
          delayMs: Math.max(0, consumedMs - status.receivedMs),
          currentTime: decoder.currentTime,
          ...this.#newFaults(),
          gaps,
        },
        packet,
      };
      [first, gaps] = [undefined, []];
      return made;
    };
    let start = 0;
    for (const gap of [...status.gaps, undefined]) {
      const end = gap?.byteIndex ?? bytes.length;
      if (end > start) { for (const packet of decoder.decode(bytes.subarray(start, end))) yield item(packet); }
      start = end;
      if (gap === undefined) break;
      if (gap.droppedTransfers > 0) decoder.gap(gap.silenceUs);
      else decoder.pause(gap.silenceUs);
      gaps.push({ ...gap, byteIndex: 0 });
    }
    if (first !== undefined || gaps.length > 0) yield item(emptyPacket());
    return undefined;
  }

  #count({ bytes, droppedTransfers, droppedBytes, backlog }: Data["status"]): void {
    const before = this.#statistics;
    this.#statistics = {
      bytes: before.bytes + bytes,
      droppedTransfers: before.droppedTransfers + droppedTransfers,
      droppedBytes: before.droppedBytes + droppedBytes,
      backlog,
    };
  }

  /** What the decoder has found since the last item. */
  #newFaults(): { readonly outOfSensor: number; readonly timeDiscontinuities: number } {
    const before = this.#faults;
    const { outOfSensor, timeDiscontinuities } = this.#options.decoder.statistics;
    this.#faults = { outOfSensor, timeDiscontinuities };
    return {
      outOfSensor: outOfSensor - before.outOfSensor,
      timeDiscontinuities: timeDiscontinuities - before.timeDiscontinuities,
    };
  }
}
