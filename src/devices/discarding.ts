import type { EventStream } from "../stream/event_stream.ts";

/**
 * Throws away what a camera sends while recordings go on and nothing else reads the device, so that its ring does not
 * fill. The first reader ends that: what comes from then on is the reader's, and nothing is thrown away any more.
 */
export class Discarding {
  readonly #stream: Pick<EventStream, "discard" | "skip">;
  #recordings = 0;
  #isOn = false;

  constructor(stream: Pick<EventStream, "discard" | "skip">) {
    this.#stream = stream;
  }

  /** A recording begins, beside a reader or without one. */
  begin(hasReader: boolean): void {
    this.#recordings++;
    if (!hasReader) this.#isOn = true;
  }

  /** Throws away what waits, unless it is a reader's. Where the stream has ended: why. */
  discard(): "close" | "disconnected" | "io" | undefined {
    return this.#isOn ? this.#stream.discard() : undefined;
  }

  /** A recording has ended. After the last one the next loop goes on with what comes then. */
  end(): void {
    if (--this.#recordings === 0) this.giveWay();
  }

  /** A reader begins. Its decoder has not seen what was thrown away, and is told so. */
  giveWay(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#stream.discard();
    this.#stream.skip();
  }
}
