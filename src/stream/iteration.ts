import { closedError, type Ending, iterationError } from "./ending.ts";
import type { Status } from "../packets/status.ts";
import type { AnyPacket, StreamItem } from "./stream_item.ts";
import type { ReaderLock } from "./reader_lock.ts";

/** How long native waits last when the program set no limit; only so that nothing can wait for ever. */
const waitSliceMs = 1000;

/** What an iteration needs of a stream, over libusb or over WebUSB. */
export interface IterableStream {
  /** The last read took all that was there: another one is worth it after a wait. */
  readonly isIdle: boolean;
  /** The next packet, if there is one now. Where there is none: undefined, or why the stream ended. */
  read(mayReuse: boolean): StreamItem<AnyPacket> | "close" | "disconnected" | "io" | undefined;
  /** A status without a packet. */
  idleStatus(): Status;
  /** Resolves when `read` may give something else, at the latest after the time. */
  wait(timeoutMs: number): Promise<void>;
  /** Ends the waits that go on. */
  wake(): void;
}

/** What an iteration needs of the device around the stream. */
export interface IterationOwner {
  readonly stream: IterableStream;
  /** For messages. */
  readonly description: string;
  /** After this time an iteration gives `packet: undefined`. Undefined: it waits as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** Admits one iteration at a time. */
  readonly readerLock: ReaderLock;
  /** What ended the device; undefined while it is open. */
  readonly ending: Ending | undefined;
  /** Stops the camera and gives everything back. */
  close(ending: Ending): void;
}

/** What an iterator's `next` gives. */
export type Result = IteratorResult<StreamItem<AnyPacket | undefined>, undefined>;

/** What `next` gives at the end. */
export const done: Result = { done: true, value: undefined };

/**
 * One iteration over a device, from its first item to its end. It borrows the device: the end of the iteration leaves
 * the device open, and the next iteration goes on where this one stopped.
 */
export class Iteration {
  readonly owner: IterationOwner;
  /** The device: kept from the garbage collector while the program iterates. */
  readonly holds: unknown;
  #state: "new" | "running" | "ended" = "new";

  constructor(owner: IterationOwner, device: unknown) {
    this.owner = owner;
    this.holds = device;
  }

  /** Becomes the device's reader, at the first call. Throws where the device is closed or has another reader. */
  begin(): void {
    if (this.#state !== "new") return;
    const { ending, readerLock, description } = this.owner;
    if (ending !== undefined) {
      this.#state = "ended";
      throw iterationError(ending, description)?.thrown ?? closedError(ending, "read events", description);
    }
    readerLock.acquire(this, description);
    this.#state = "running";
  }

  /** Ends the iteration; the device is free for the next one. */
  end(): void {
    this.#state = "ended";
    this.owner.readerLock.release(this);
  }

  /** What there is without waiting. Undefined: there is nothing, or nothing worth a wake-up. */
  first(deadlineMs: number | undefined, mayReuse: boolean): Result | undefined {
    const { stream, ending } = this.owner;
    const waits = this.#state === "running" && ending === undefined && stream.isIdle;
    return waits ? undefined : this.attempt(deadlineMs, mayReuse);
  }

  /** What there is now; undefined where the iteration has to wait. Throws what ended the device, unless the program did. */
  attempt(deadlineMs: number | undefined, mayReuse: boolean): Result | undefined {
    if (this.#state === "ended") return done;
    const { owner } = this;
    if (owner.ending !== undefined) return this.#endWith(owner.ending);
    const item = owner.stream.read(mayReuse);
    if (item === undefined) {
      if (deadlineMs === undefined || performance.now() < deadlineMs) return undefined;
      return { done: false, value: { status: owner.stream.idleStatus(), packet: undefined } };
    }
    if (typeof item === "object") return { done: false, value: item };
    owner.close({ by: item });
    return this.#endWith({ by: item });
  }

  /** When an item without a packet is due, on the clock of `performance.now()`. */
  deadlineMs(): number | undefined {
    const { timeoutMs } = this.owner;
    return timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
  }

  #endWith(ending: Ending): Result {
    this.end();
    const error = iterationError(ending, this.owner.description);
    if (error === undefined) return done;
    throw error.thrown;
  }
}

/** Whole milliseconds until the deadline, at most a slice. */
export function remainingMs(deadlineMs: number | undefined): number {
  if (deadlineMs === undefined) return waitSliceMs;
  return Math.max(0, Math.min(waitSliceMs, Math.ceil(deadlineMs - performance.now())));
}
