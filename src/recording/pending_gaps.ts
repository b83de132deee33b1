import type { Packet } from "../packets/packet.ts";
import { endOf, lastTimeOf, type Place, placeOf } from "../packets/slice.ts";
import type { Gap } from "../packets/status.ts";

/** What is missing. */
export interface Loss {
  readonly bytes?: number;
  /** Messages that were counted and are not there. */
  readonly transfers?: number;
}

/**
 * Losses that wait for the packet in which they lie: a file's parts are merged by time, so what was read before a loss may
 * be handed out after it was met.
 */
export class PendingGaps {
  #waiting: { readonly time: number; readonly loss: Loss }[] = [];

  /** @param time All events up to it came before the loss. */
  add(time: number, loss: Loss): void {
    this.#waiting.push({ time, loss });
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The gaps in a packet; at the end of all packets, those that are left. */
  takeFor(packet: Packet, isLast: boolean = false): Gap[] {
    if (this.#waiting.length === 0) return [];
    const last = lastTimeOf(packet) ?? -Infinity;
    const isHere = ({ time }: { readonly time: number }) => isLast || time < last;
    const here = this.#waiting.filter(isHere);
    this.#waiting = this.#waiting.filter((gap) => !isHere(gap));
    return here.map(({ time, loss }) => gapAt(placeAfter(packet, time), loss));
  }
}

/** The place behind all events up to a time, which is a whole number. */
function placeAfter(packet: Packet, time: number): Place {
  return time === Infinity ? endOf(packet) : placeOf(packet, time + 1);
}

function gapAt({ polarity, trigger, imu, frame }: Place, { bytes = 0, transfers = 0 }: Loss): Gap {
  return {
    polarityEventIndex: polarity,
    triggerEventIndex: trigger,
    imuEventIndex: imu,
    frameIndex: frame,
    byteIndex: bytes,
    droppedTransfers: transfers,
    droppedBytes: bytes,
    silenceUs: 0,
    timeJumpUs: 0,
  };
}
