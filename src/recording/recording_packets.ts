import type { Packet } from "../packets/packet.ts";
import type { StreamItem } from "../stream/stream_item.ts";
import type { RecordingCore } from "./file_recording.ts";
import { Turns } from "./turns.ts";

type Result = IteratorResult<StreamItem<Packet>, undefined>;

const done: Result = { done: true, value: undefined };

/** One iteration over a recording. It borrows the recording, and the next one goes on where this one stopped. */
class RecordingIteration {
  /** The recording: kept from the garbage collector while the program iterates. */
  readonly holds: unknown;
  readonly #core: RecordingCore;
  readonly #turns = new Turns();
  #state: "new" | "running" | "ended" = "new";

  constructor(core: RecordingCore, recording: unknown) {
    this.#core = core;
    this.holds = recording;
  }

  /** Takes the next item; `isLast` says whether nothing else was asked for yet, so that its memory may be used again. */
  async take(mayReuse: () => boolean): Promise<Result> {
    if (this.#state === "new") this.#begin();
    if (this.#state === "ended") return done;
    await this.#turns.give();
    try {
      const item = await this.#core.playback.next(() => this.#isRunning);
      if (item === undefined) return this.#endOfItems();
      const mustOwn = this.#core.parts.reuseBuffers && !mayReuse();
      return { done: false, value: mustOwn ? { status: item.status, packet: item.packet.clone() } : item };
    } catch (error) {
      this.end();
      if (this.#core.ending !== undefined) return this.#endOfItems();
      throw error;
    }
  }

  get #isRunning(): boolean {
    return this.#state === "running" && this.#core.ending === undefined;
  }

  #endOfItems(): Result {
    this.end();
    const { ending } = this.#core;
    if (ending?.by === "abort") throw ending.reason;
    return done;
  }

  /** Becomes the recording's reader. */
  #begin(): void {
    const { ending, readerLock, name } = this.#core;
    if (ending !== undefined) {
      this.#state = "ended";
      if (ending.by === "abort") throw ending.reason;
      this.#core.checkOpen("read events");
    }
    readerLock.acquire(this, name, "recording");
    this.#state = "running";
  }

  /** Ends the iteration; a call that waits returns. */
  end(): void {
    const wasRunning = this.#state === "running";
    this.#state = "ended";
    if (!wasRunning) return;
    this.#core.readerLock.release(this);
    this.#core.playback.pause();
    this.#core.playback.wake();
  }
}

/** Iterates over a recording. Calls of `next` that come before the last one is settled are answered in their order. */
export class RecordingPackets implements AsyncIterableIterator<StreamItem<Packet>, undefined> {
  readonly #iteration: RecordingIteration;
  /** The last call of `next`, until it is settled. */
  #last: Promise<Result> | undefined;

  constructor(core: RecordingCore, recording: unknown) {
    this.#iteration = new RecordingIteration(core, recording);
  }

  next(): Promise<Result> {
    const before = this.#last;
    const result: Promise<Result> = this.#takeAfter(before, () => this.#last === result);
    this.#last = result;
    const settled = () => {
      if (this.#last === result) this.#last = undefined;
    };
    result.then(settled, settled);
    return result;
  }

  async #takeAfter(before: Promise<Result> | undefined, isLast: () => boolean): Promise<Result> {
    await before?.catch(() => {});
    return await this.#iteration.take(isLast);
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
}

/** One iteration as a web stream. It begins at the first read, and takes an item when one is asked for. */
export function recordingReadable(
  core: RecordingCore,
  recording: unknown,
  onEnd: () => void,
): ReadableStream<StreamItem<Packet>> {
  const iteration = new RecordingIteration(core, recording);
  return new ReadableStream<StreamItem<Packet>>({
    async pull(controller) {
      try {
        // No memory is used again: a stream may keep items waiting.
        const result = await iteration.take(() => false);
        if (!result.done) return controller.enqueue(result.value);
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    cancel() {
      onEnd();
      iteration.end();
    },
  }, { highWaterMark: 0 });
}
