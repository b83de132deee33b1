/** How long a loop may run on what is there already before the event loop gets its turn (timers, signals, sockets). */
const turnMs = 25;

/** Sees to it that a loop over bytes in memory, which never waits, does not hold up the rest of the program. */
export class Turns {
  #lastMs = performance.now();

  /** Lets the event loop go round, where it is time for that. */
  async give(): Promise<void> {
    if (performance.now() < this.#lastMs + turnMs) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#lastMs = performance.now();
  }
}
