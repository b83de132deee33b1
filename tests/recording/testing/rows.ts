/** Packets as rows, which a test can write and read. */

import type { Packet } from "../../../src/packets/packet.ts";
import { PacketBuilder } from "../../../src/recording/packet_builder.ts";

/** A polarity event. */
export type EventRow = readonly [t: number, x: number, y: number, on: number];

/** A trigger. */
export type TriggerRow = readonly [t: number, id: number, edge: number];

/** A packet of these events and triggers. */
export function packetOfRows(events: readonly EventRow[], triggers: readonly TriggerRow[] = []): Packet {
  const builder = new PacketBuilder();
  const { polarity, trigger } = builder;
  for (const [t, x, y, on] of events) {
    const at = builder.polarityCount++;
    [polarity.t[at], polarity.x[at], polarity.y[at], polarity.on[at]] = [t, x, y, on];
  }
  for (const [t, id, edge] of triggers) {
    const at = builder.triggerCount++;
    [trigger.t[at], trigger.id[at], trigger.edge[at]] = [t, id, edge];
  }
  return builder.take();
}

/** The polarity events of a packet. */
export function eventRows({ polarityEvents }: Packet): EventRow[] {
  if (polarityEvents === undefined) return [];
  const { t, x, y, on } = polarityEvents;
  return Array.from(t, (time, index) => [time, x[index]!, y[index]!, on[index]!]);
}

/** The triggers of a packet. */
export function triggerRows({ triggerEvents }: Packet): TriggerRow[] {
  if (triggerEvents === undefined) return [];
  const { t, id, edge } = triggerEvents;
  return Array.from(t, (time, index) => [time, id[index]!, edge[index]!]);
}
