/** One wait: it ends at its deadline, or earlier where there is something to read. */
export class Waiter {
  /** Resolves when the wait is over. */
  readonly woken: Promise<void>;
  readonly #wake: () => void;
  #timer: ReturnType<typeof setTimeout>;
  #atMs: number;

  /** `deadlineMs`: on the clock of `performance.now()`. */
  constructor(deadlineMs: number) {
    let wake!: () => void;
    this.woken = new Promise((resolve) => wake = resolve);
    this.#wake = wake;
    this.#atMs = deadlineMs;
    this.#timer = this.#sleep();
  }

  /** Ends at this time at the latest; a time that has passed ends it now. */
  wakeAt(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.#atMs = atMs;
    clearTimeout(this.#timer);
    if (atMs <= performance.now()) this.#wake();
    else this.#timer = this.#sleep();
  }

  #sleep(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#wake(), Math.max(0, Math.ceil(this.#atMs - performance.now())));
  }
}
