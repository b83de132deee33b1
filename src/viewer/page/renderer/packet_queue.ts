import type { Packet } from "../../../packets/packet.ts";
import { beginning, endOf, lastTimeOf, type Place, placeOf, slicePacket } from "../../../packets/slice.ts";

/** Packets that wait to be shown, cut by time where they are taken. */
export class PacketQueue {
  #packets: Packet[] = [];
  /** Where the first packet that waits begins; what lies before was taken. */
  #start: Place = beginning;
  #events = 0;
  #lastTime: number | undefined;

  /** Polarity events that wait. */
  get events(): number {
    return this.#events;
  }

  /** Time of the last event that was ever put in, in µs. */
  get lastTime(): number | undefined {
    return this.#lastTime;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#packets.length === 0;
  }

  /** Adds a packet at the end. It must stay valid: the queue makes no copy. */
  push(packet: Packet): void {
    const last = lastTimeOf(packet);
    if (last === undefined) return;
    this.#packets.push(packet);
    this.#events += eventsOf(packet);
    this.#lastTime = last;
  }

  /** Takes what lies before a time in µs, in order; with Infinity all that waits. */
  takeUntil(time: number): Packet[] {
    const taken: Packet[] = [];
    while (this.#packets.length > 0) {
      const packet = this.#packets[0]!;
      const [end, until] = [endOf(packet), time === Infinity ? endOf(packet) : placeOf(packet, time)];
      const isWhole = end.polarity === until.polarity && end.trigger === until.trigger &&
        end.imu === until.imu && end.frame === until.frame;
      const part = isWhole && isBeginning(this.#start) ? packet : slicePacket(packet, this.#start, until);
      if (lastTimeOf(part) !== undefined) taken.push(part);
      this.#events -= eventsOf(part);
      if (!isWhole) {
        this.#start = until;
        break;
      }
      this.#packets.shift();
      this.#start = beginning;
    }
    return taken;
  }

  /** Forgets all that waits. */
  clear(): void {
    this.#packets = [];
    this.#start = beginning;
    this.#events = 0;
    this.#lastTime = undefined;
  }
}

function eventsOf({ polarityEvents }: Packet): number {
  return polarityEvents?.t.length ?? 0;
}

function isBeginning({ polarity, trigger, imu, frame }: Place): boolean {
  return polarity + trigger + imu + frame === 0;
}
