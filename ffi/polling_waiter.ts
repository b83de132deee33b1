import type { NativeLibrary, StreamWaiter } from "./adapter.ts";
import { statuses } from "./abi.ts";

/** Costs a timer's latency, about 1 ms, and some CPU: the way where there is no other. */
const periodMs = 1;

/** Asks the stream again and again. */
export class PollingWaiter implements StreamWaiter {
  readonly #library: NativeLibrary;
  readonly #stream: number;
  #closed = false;

  constructor(library: NativeLibrary, stream: number) {
    this.#library = library;
    this.#stream = stream;
  }

  async wait(timeoutMs: number): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    let remainingMs = timeoutMs;
    while (!this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(periodMs, remainingMs)));
      remainingMs = endMs - performance.now();
      if (remainingMs <= 0 || this.#library.symbols.nd_stream_wait(this.#stream, 0) !== statuses.timeout) return;
    }
  }

  close(): void {
    this.#closed = true;
  }
}
