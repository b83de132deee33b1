import type { NativeLibrary, StreamWaiter } from "./adapter.ts";
import { statuses } from "./abi.ts";

/** Costs a timer's latency, about 1 ms, and some CPU: the way where there is no other. */
const periodMs = 1;

/** Asks the stream again and again. */
export class PollingWaiter implements StreamWaiter {
  readonly #library: NativeLibrary;
  readonly #stream: number;
  #closed = false;
  #wakes = 0;

  constructor(library: NativeLibrary, stream: number) {
    this.#library = library;
    this.#stream = stream;
  }

  async wait(timeoutMs: number): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    const wakes = this.#wakes;
    let remainingMs = timeoutMs;
    while (!this.#closed && this.#wakes === wakes) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(periodMs, remainingMs)));
      remainingMs = endMs - performance.now();
      if (remainingMs <= 0 || this.#library.symbols.nd_stream_wait(this.#stream, 0) !== statuses.timeout) return;
    }
  }

  wake(): void {
    this.#wakes += 1;
  }

  close(): void {
    this.#closed = true;
  }
}
