/**
 * How drivers wait for a sensor to settle.
 *
 * The waits of a bring-up (seconds in all) are data in the camera's sequences. Whether they pass in real time is
 * decided here and nowhere else: a real camera gets {@link realSettling}, a virtual one, whose sensor has nothing to
 * settle, gets {@link skippedSettling}. Tests give their own, which records the waits.
 */
export interface Settling {
  /** Resolves after at least `us` microseconds; rejects with the signal's reason when it aborts first. */
  wait(us: number, signal?: AbortSignal): Promise<void>;
  /** Blocks for at least `us` microseconds. For updates and for the shutdown, whose waits are a millisecond at most. */
  waitSync(us: number): void;
  /**
   * The timeout to use where a timeout is the expected end, in milliseconds: a bring-up reads the event pipe until
   * nothing comes for a second.
   */
  timeoutMs(ms: number): number;
}

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
};

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
