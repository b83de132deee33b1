/**
 * How a runner passes time: waits for a sensor to settle, and turns of the event loop.
 *
 * The waits of a bring-up (seconds in all) are data in the camera's sequences. Whether they pass in real time is
 * decided here and nowhere else: a real camera waits, a virtual one, whose sensor has nothing to settle, does not.
 * Tests give a settling of their own, which records the waits.
 */
export interface Settling {
  /** Resolves after at least `us` microseconds; rejects with the signal's reason when it aborts first. */
  wait(us: number, signal?: AbortSignal): Promise<void>;
  /** Blocks for at least `us` microseconds. For updates and for the shutdown, whose waits are a millisecond at most. */
  waitSync(us: number): void;
  /**
   * The timeout to use where a timeout is the expected end, in milliseconds: a bring-up reads the event pipe until
   * nothing comes for 50 ms.
   */
  timeoutMs(ms: number): number;
  /** Resolves when timers, signals and sockets that were ready have had their turn. */
  turn(): Promise<void>;
}
