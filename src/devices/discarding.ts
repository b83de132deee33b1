import type { EventStream } from "../stream/event_stream.ts";

/**
 * Throws away what a camera sends while recordings go on and nothing else reads the device, so that its ring does not
 * fill. The first reader ends that: what comes from then on is the reader's, and nothing is thrown away any more.
 */
export class Discarding {
  readonly #stream: Pick<EventStream, "discard" | "skip">;
  #recordings = 0;
  /** When it began, on the clock of `performance.now()`; undefined while nothing is thrown away. */
  #sinceMs: number | undefined;

  constructor(stream: Pick<EventStream, "discard" | "skip">) {
    this.#stream = stream;
  }

  /** A recording begins, beside a reader or without one. */
  begin(hasReader: boolean): void {
    this.#recordings++;
    if (!hasReader) this.#sinceMs ??= performance.now();
  }

  /** Throws away what waits, unless it is a reader's. Where the stream has ended: why. */
  discard(): "close" | "disconnected" | "io" | undefined {
    return this.#sinceMs === undefined ? undefined : this.#stream.discard();
  }

  /** A recording has ended. After the last one the next loop goes on with what comes then. */
  end(): void {
    if (--this.#recordings === 0) this.giveWay();
  }

  /** A reader begins. Its decoder has not seen what was thrown away, and is told how long that took. */
  giveWay(): void {
    if (this.#sinceMs === undefined) return;
    this.#stream.discard();
    this.#stream.skip(1000 * (performance.now() - this.#sinceMs));
    this.#sinceMs = undefined;
  }
}
