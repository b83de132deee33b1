import type { Packet } from "../packets/packet.ts";
import type { Call, ItemTaker } from "../stream/async_packets.ts";
import type { StreamItem } from "../stream/stream_item.ts";
import type { RecordingCore } from "./file_recording.ts";
import { Turns } from "./turns.ts";

type Result = IteratorResult<StreamItem<Packet>, undefined>;

const done: Result = { done: true, value: undefined };

/** One iteration over a recording. It borrows the recording, and the next one goes on where this one stopped. */
export class RecordingIteration implements ItemTaker<StreamItem<Packet>> {
  /** The recording: kept from the garbage collector while the program iterates. */
  readonly holds: unknown;
  readonly #core: RecordingCore;
  readonly #turns = new Turns();
  #state: "new" | "running" | "ended" = "new";

  constructor(core: RecordingCore, recording: unknown) {
    this.#core = core;
    this.holds = recording;
  }

  async take(call: Call<StreamItem<Packet>>): Promise<Result> {
    const result = await this.#take(call);
    if (result.done) call.deliver?.(result);
    return result;
  }

  async #take({ isLast, deliver }: Call<StreamItem<Packet>>): Promise<Result> {
    if (this.#state === "new") this.#begin();
    if (this.#state === "ended") return done;
    await this.#turns.give();
    let result: Result | undefined;
    try {
      await this.#core.playback.next(() => this.#isRunning, ({ status, packet }) => {
        const mustOwn = this.#core.parts.reuseBuffers && !isLast();
        result = { done: false, value: { status, packet: mustOwn ? packet.clone() : packet } };
        deliver?.(result);
      });
    } catch (error) {
      this.end();
      if (this.#core.ending !== undefined) return this.#endOfItems();
      throw error;
    }
    return result ?? this.#endOfItems();
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
