import type { Clock } from "../../../../src/web/virtual/clock.ts";

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #nowMs = 1000;
  #timers: { readonly atMs: number; readonly call: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  callAt(timeMs: number, call: () => void): () => void {
    const timer = { atMs: timeMs, call };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((each) => each !== timer);
  }

  callSoon(call: () => void): void {
    setImmediate(call);
  }

  /** Lets time pass, with each timer at its time. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    while (true) {
      await turns();
      const next = this.#timers.reduce((soonest, { atMs }) => Math.min(soonest, atMs), Infinity);
      if (next > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next);
      this.#callDue();
    }
    this.#nowMs = endMs;
    await turns();
  }

  /** Lets time pass as in a page in the background: all timers come at its end. */
  async jump(ms: number): Promise<void> {
    await turns();
    this.#nowMs += ms;
    this.#callDue();
    await turns();
  }

  #callDue(): void {
    const due = this.#timers.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { call } of due) call();
  }
}

/** What is called soon calls again soon, and promises resolve in between. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
