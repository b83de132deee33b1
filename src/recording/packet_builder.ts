import { maximumEventsPerPacket } from "../decoder/decoder.ts";
import { packetCapacity } from "../decoder/packet_capacity.ts";
import { polarityEventsIn, triggerEventsIn } from "../packets/columns.ts";
import { kindIndex, kindNames } from "../packets/kinds.ts";
import { type Layout, layoutFor } from "../packets/layout.ts";
import { type Packet, packetOf } from "../packets/packet.ts";

/** The most triggers that one packet has. */
const maximumTriggers = packetCapacity.trigger;

const layout: Layout = layoutFor(packetCapacity);

/**
 * Gathers events and triggers for a packet: for formats that TypeScript reads. Columns are written directly, at
 * `polarityCount` and `triggerCount`, which is quicker than a call for each event.
 *
 * ```ts
 * const builder = new PacketBuilder();
 * const at = builder.polarityCount++;
 * builder.polarity.t[at] = 17;
 * builder.polarity.x[at] = 3;
 * builder.polarity.y[at] = 5;
 * builder.polarity.on[at] = 1;
 * console.log(builder.take().polarityEvents); // t [17], x [3], y [5], on [1]
 * ```
 */
export class PacketBuilder {
  readonly #block = new ArrayBuffer(layout.byteLength);
  /** Columns with room for {@link maximumEventsPerPacket} events. */
  readonly polarity = polarityEventsIn(this.#block, layout, maximumEventsPerPacket);
  /** Columns with room for 4096 triggers. */
  readonly trigger = triggerEventsIn(this.#block, layout, maximumTriggers);
  /** How many events there are. */
  polarityCount = 0;
  /** How many triggers there are. */
  triggerCount = 0;

  /** Whether there is no room for another event, or none for another trigger. */
  get isFull(): boolean {
    return this.polarityCount === maximumEventsPerPacket || this.triggerCount === maximumTriggers;
  }

  /** Whether there is neither an event nor a trigger. */
  get isEmpty(): boolean {
    return this.polarityCount === 0 && this.triggerCount === 0;
  }

  /** A packet of its own with what was gathered, and begins anew. */
  take(): Packet {
    const counts = kindNames.map(() => 0);
    counts[kindIndex.polarity] = this.polarityCount;
    counts[kindIndex.trigger] = this.triggerCount;
    this.polarityCount = 0;
    this.triggerCount = 0;
    return packetOf(this.#block, layout, counts);
  }
}
