import type { Settling } from "../protocol/settling.ts";

/**
 * Waits in real time by timers alone: a page's thread must not block. A page that is not seen has slow timers, so what
 * waits takes longer there, in some browsers a minute at a time; a Worker's timers are not slowed down.
 */
export const pageSettling: Settling = {
  async wait(us, signal) {
    const end = performance.now() + us / 1_000;
    // Timers may fire a little early, therefore the loop.
    for (let leftMs = us / 1_000; leftMs > 0; leftMs = end - performance.now()) await sleep(Math.ceil(leftMs), signal);
    signal?.throwIfAborted();
  },
  waitSync() {
    throw new Error("nothing waits synchronously in a page");
  },
  timeoutMs: (ms) => ms,
  turn,
};

/** An idle virtual camera answers at once or never. */
const longestVirtualTimeoutMs = 10;

/** Waits not at all: for devices that are software, whose sensors have nothing to settle. */
export const skippedSettling: Settling = {
  ...pageSettling,
  wait(_us, signal) {
    return signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve();
  },
  timeoutMs: (ms) => Math.min(ms, longestVirtualTimeoutMs),
};

/**
 * Lets timers, messages and finished transfers have their turn. By a message: a timer would take 4 ms, and a second where
 * the page is not seen.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Resolves after a time; rejects with the signal's reason when it aborts first. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
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

/** What {@link within} gives where the time was over first. */
export const late: unique symbol = Symbol("late");

/** The result of a promise, or {@link late} where it takes longer. `Infinity` waits as long as it takes. */
export async function within<Result>(promise: Promise<Result>, timeoutMs: number): Promise<Result | typeof late> {
  if (timeoutMs === Infinity) return await promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<typeof late>((resolve) => timer = setTimeout(resolve, timeoutMs, late));
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
