/**
 * Waiting by a pipe that a native thread writes to, which needs no thread of the runtime: however many cameras are
 * waited for, its pool is left to the program. One byte comes for each `nd_stream_arm`, when a raw packet is there or
 * the stream ends.
 */

import type { NativeLibrary, StreamWaiter } from "./adapter.ts";
import { PollingWaiter } from "./polling_waiter.ts";
import { statuses } from "./abi.ts";

/** A runtime's way of reading the pipe. */
export interface Pipe {
  /** Stops reading, and closes the file descriptor. */
  close(): void;
}

/** How a runtime gets to read the pipe. */
export interface PipeOptions {
  /** Whether it reads a pair of sockets in place of a pipe. */
  readonly sockets: boolean;
  /** Reads a file descriptor, and calls `onWake` for what comes, and at the end. Throws where it cannot. */
  open(fileDescriptor: number, onWake: () => void): Pipe;
}

/** Makes a waiter over the stream's pipe; where there is none (Windows) or it cannot be read, one that polls. */
export function createPipeWaiter(library: NativeLibrary, stream: number, options: PipeOptions): StreamWaiter {
  const { symbols } = library;
  const fileDescriptor = new Int32Array(1);
  const status = symbols.nd_stream_notifier(
    stream,
    0, // the pipe's reader closes the read end
    options.sockets ? 1 : 0,
    fileDescriptor,
  );
  if (status !== statuses.ok) return new PollingWaiter(library, stream);
  try {
    return new PipeWaiter(library, stream, fileDescriptor[0]!, options);
  } catch {
    symbols.nd_stream_notifier(stream, 1, 0, fileDescriptor); // the stream closes it
    return new PollingWaiter(library, stream);
  }
}

/** How often it is looked whether anybody waits. Only so long can the waiter keep a finished program alive. */
const lookMs = 500;

/**
 * One timer stays from wait to wait, and looks at its end who waits and until when: a timer for each wait would cost as
 * much as all else that a wake-up does here. It also keeps the process alive, and Bun's loop from spinning.
 */
class PipeWaiter implements StreamWaiter {
  readonly #library: NativeLibrary;
  readonly #stream: number;
  readonly #pipe: Pipe;
  /** Who waits, and until when at the latest, on the clock of `performance.now()`. */
  readonly #waiting = new Map<() => void, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerEndMs = 0;
  #closed = false;

  constructor(library: NativeLibrary, stream: number, fileDescriptor: number, options: PipeOptions) {
    this.#library = library;
    this.#stream = stream;
    this.#pipe = options.open(fileDescriptor, () => this.wake());
  }

  wait(timeoutMs: number): Promise<void> {
    // Armed before anybody waits: what came since the last read makes a byte at once.
    if (this.#closed || this.#library.symbols.nd_stream_arm(this.#stream) !== statuses.ok) return Promise.resolve();
    return new Promise((resolve) => {
      const endMs = performance.now() + timeoutMs;
      this.#waiting.set(resolve, endMs);
      this.#lookAt(endMs);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#pipe.close();
    this.wake();
  }

  wake(): void {
    for (const resolve of this.#waiting.keys()) resolve();
    this.#waiting.clear();
  }

  /** The timer ends at that time, or before. */
  #lookAt(endMs: number): void {
    if (this.#timer !== undefined && this.#timerEndMs <= endMs) return;
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    const delayMs = Math.min(lookMs, Math.ceil(endMs - nowMs));
    this.#timer = setTimeout(() => this.#look(), delayMs);
    this.#timerEndMs = nowMs + delayMs;
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const nowMs = performance.now();
    for (const [resolve, endMs] of this.#waiting) {
      if (endMs > nowMs) continue;
      this.#waiting.delete(resolve);
      resolve();
    }
    this.#lookAt(Math.min(nowMs + lookMs, ...this.#waiting.values()));
  }
}
