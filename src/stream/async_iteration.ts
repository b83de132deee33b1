import type { Call, ItemTaker } from "./async_packets.ts";
import type { AnyPacket, StreamItem } from "./stream_item.ts";
import { Iteration, type IterationOwner, remainingMs, type Result } from "./iteration.ts";

/**
 * How long a loop may run on packets that are there already before the event loop gets its turn (timers, signals,
 * sockets would starve otherwise). The turn is a wait for the stream, which ends with it where a packet is there.
 */
const turnMs = 5;

/**
 * A turn that takes long, because the processor has other work, comes less often: up to a fifth of a loop's time goes
 * into turns, as far as this interval allows.
 */
const longestTurnMs = 40;

/** An iteration that waits without blocking the event loop. It takes one item at a time. */
export class AsyncIteration implements ItemTaker<StreamItem<AnyPacket | undefined>> {
  readonly #iteration: Iteration;
  #turnEndsMs = 0;

  constructor(owner: IterationOwner, device: unknown) {
    this.#iteration = new Iteration(owner, device);
  }

  async take({ mayReuse, deliver }: Call<StreamItem<AnyPacket | undefined>>): Promise<Result> {
    const iteration = this.#iteration;
    iteration.begin();
    const deadlineMs = iteration.deadlineMs();
    let startMs = performance.now();
    let result = startMs <= this.#turnEndsMs ? iteration.first(deadlineMs, mayReuse) : undefined;
    while (result === undefined) {
      await iteration.owner.stream.wait(remainingMs(deadlineMs));
      const endMs = performance.now();
      this.#turnEndsMs = endMs + Math.min(Math.max(turnMs, 4 * (endMs - startMs)), longestTurnMs);
      startMs = endMs;
      result = iteration.attempt(deadlineMs, mayReuse);
    }
    deliver?.(result);
    return result;
  }

  /** Ends the iteration; a call that waits returns. */
  end(): void {
    this.#iteration.end();
    this.#iteration.owner.stream.wake();
  }
}
