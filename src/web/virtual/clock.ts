/** The time that a virtual camera goes by, and what is done later. */

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
  callSoon: (call) => soon(call),
};

const runtime: { readonly setImmediate?: (call: () => void) => void } = globalThis;

/** Timers of browsers wait 4 ms when they follow each other; messages do not, nor do they wait in the background. */
const soon: (call: () => void) => void = runtime.setImmediate ?? ((call) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    call();
  };
  port2.postMessage(undefined);
});
