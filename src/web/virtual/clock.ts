/** The time that a virtual camera goes by, and what is done later. */

import { turn } from "../page_settling.ts";

/** A page's clock, or one of a test. */
export interface Clock {
  /** Milliseconds that only grow. */
  nowMs(): number;
  /** Calls once, at the time or later: a page in the background has few timers. Returns what ends that. */
  callAt(timeMs: number, call: () => void): () => void;
  /** Calls as soon as the event loop has had its turn. */
  callSoon(call: () => void): void;
}

/** The page's own. */
export const pageClock: Clock = {
  nowMs: () => performance.now(),
  callAt(timeMs, call) {
    const timer = setTimeout(call, Math.max(0, Math.ceil(timeMs - performance.now())));
    return () => clearTimeout(timer);
  },
  callSoon: (call) => void turn().then(call),
};
