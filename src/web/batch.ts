import type { Gap } from "../packets/status.ts";
import type { Loss, RawPacket } from "./ring.ts";

/** The raw packets that become one packet, and what is to be said of them. */
export class Batch {
  /** Raw packets that are looked at, and their bytes that are not read yet. */
  count = 0;
  length = 0;
  /** What was taken off the ring: raw packets that are done, and bytes. */
  rawPackets = 0;
  bytes = 0;
  loss: Loss | undefined;
  /** What lies before the first byte. */
  gap: Gap | undefined;
  readonly #consumedMs: number;
  #receivedMs: number | undefined;
  /** `#receivedMs` is that of a raw packet with an event. */
  #isEventful = false;

  /** `consumedMs`: now, as `Date.now()`. */
  constructor(consumedMs: number) {
    this.#consumedMs = consumedMs;
  }

  /** The time of the first raw packet with an event counts; where there is none, that of the first. */
  see({ receivedMs, isIdle }: RawPacket): void {
    if (this.#isEventful || this.#receivedMs !== undefined && isIdle) return;
    this.#receivedMs = receivedMs;
    this.#isEventful = !isIdle;
  }

  /** When it was received and handed over. */
  times(): { readonly receivedMs: number; readonly consumedMs: number; readonly delayMs: number } {
    const consumedMs = this.#consumedMs;
    const delayMs = this.#receivedMs === undefined ? 0 : Math.max(0, performance.now() - this.#receivedMs);
    return { receivedMs: consumedMs - delayMs, consumedMs, delayMs };
  }
}
