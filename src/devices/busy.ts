/**
 * What to do about a camera that another program uses. To read a serial, a program opens the camera for some
 * milliseconds. So two programs that start together meet each other's questions, and "busy" is often over in a moment.
 */

import { realSettling } from "../usb/settling.ts";

/** How often `open` asks a busy camera again. With the pauses between, that takes about a second. */
export const BUSY_RETRIES = 10;

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 150;

/** Waits before a busy camera is asked again; rejects with the signal's reason when it aborts. */
export type BusyPause = (signal?: AbortSignal) => Promise<void>;

/** A pause of random length: two programs that wait alike would meet again. The event loop goes on meanwhile. */
export const busyPause: BusyPause = (signal) => {
  const ms = SHORTEST_PAUSE_MS + (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS) * Math.random();
  return realSettling.wait(1_000 * ms, signal);
};
