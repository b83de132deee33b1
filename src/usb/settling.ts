import { setImmediate } from "node:timers";
import type { Settling } from "../protocol/settling.ts";

/** Below this, blocking is kinder than a timer, whose resolution is a millisecond or worse. */
const LONGEST_BLOCKING_WAIT_US = 2_000;

/** `Atomics.wait` needs shared memory to wait on; nothing ever changes or notifies this cell, so it always times out. */
const idleCell = new Int32Array(new SharedArrayBuffer(4));

/** Waits in real time. */
export const realSettling: Settling = {
  async wait(us, signal) {
    signal?.throwIfAborted();
    if (us <= LONGEST_BLOCKING_WAIT_US) return this.waitSync(us);
    const end = performance.now() + us / 1_000;
    // Timers may fire a little early, therefore the loop.
    for (let leftMs = us / 1_000; leftMs > 0; leftMs = end - performance.now()) {
      await sleep(Math.ceil(leftMs), signal);
    }
  },
  waitSync(us) {
    const end = performance.now() + us / 1_000;
    for (let leftMs = us / 1_000; leftMs > 0; leftMs = end - performance.now()) {
      Atomics.wait(idleCell, 0, 0, leftMs);
    }
  },
  timeoutMs(ms) {
    return ms;
  },
  turn,
};

/** An idle virtual camera answers at once or never: ten milliseconds are plenty. */
const LONGEST_VIRTUAL_TIMEOUT_MS = 10;

/** Waits not at all: for the virtual camera. */
export const skippedSettling: Settling = {
  wait(_us, signal) {
    return signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve();
  },
  waitSync() {},
  timeoutMs(ms) {
    return Math.min(ms, LONGEST_VIRTUAL_TIMEOUT_MS);
  },
  turn,
};

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
