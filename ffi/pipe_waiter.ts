/**
 * Waiting by a pipe that a native thread writes to: for runtimes whose native calls block the event loop. One byte
 * comes for each `nd_stream_arm`, when a raw packet is there or the stream ends.
 */

import type { NativeLibrary, StreamWaiter } from "./native_library.ts";
import { PollingWaiter } from "./polling_waiter.ts";
import { statuses } from "./abi.ts";

/** A runtime's way of reading the pipe. */
export interface Pipe {
  /** Somebody waits from now on. */
  beginWait(): void;
  /** Nobody does any more. */
  endWait(): void;
  /** Stops reading and closes the file descriptor. */
  close(): void;
}

/** Reads a file descriptor, which it owns, and calls `onWake` for what comes, and at the end. */
export type OpenPipe = (fileDescriptor: number, onWake: () => void) => Pipe;

/** Makes a waiter over the stream's pipe; where there is none (Windows), one that polls. */
export function createPipeWaiter(library: NativeLibrary, stream: number, openPipe: OpenPipe): StreamWaiter {
  const fileDescriptor = new Int32Array(1);
  const status = library.symbols.nd_stream_notifier(stream, fileDescriptor);
  if (status !== statuses.ok) return new PollingWaiter(library, stream);
  return new PipeWaiter(library, stream, fileDescriptor[0]!, openPipe);
}

class PipeWaiter implements StreamWaiter {
  readonly #library: NativeLibrary;
  readonly #stream: number;
  readonly #pipe: Pipe;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(library: NativeLibrary, stream: number, fileDescriptor: number, openPipe: OpenPipe) {
    this.#library = library;
    this.#stream = stream;
    this.#pipe = openPipe(fileDescriptor, () => this.#wake());
  }

  wait(timeoutMs: number): Promise<void> {
    // Armed before anybody waits: what came since the last read makes a byte at once.
    if (this.#closed || this.#library.symbols.nd_stream_arm(this.#stream) !== statuses.ok) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        // The timer is also what keeps the process alive, and Bun's loop from spinning.
        clearTimeout(timer);
        this.#waiting.delete(finish);
        if (this.#waiting.size === 0 && !this.#closed) this.#pipe.endWait();
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.#waiting.add(finish);
      this.#pipe.beginWait();
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pipe.close();
    this.#wake();
  }

  #wake(): void {
    for (const finish of [...this.#waiting]) finish();
  }
}
