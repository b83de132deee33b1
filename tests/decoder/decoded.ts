/** What came of bytes, as rows of numbers, for tests. */

import type { Decoder, Packet } from "../../mod.ts";

/** Events as [t, x, y, on] and triggers as [t, id, edge]. */
export interface Decoded {
  readonly events: number[][];
  readonly triggers: number[][];
}

/** The events of packets. */
export function eventsOf(packets: Iterable<Packet>): number[][] {
  const decoded: Decoded = { events: [], triggers: [] };
  for (const packet of packets) addRows(decoded, packet);
  return decoded.events;
}

/** What comes of bytes that are given in parts. */
export function decodeAll(decoder: Decoder, parts: Iterable<Uint8Array>): Decoded {
  const decoded: Decoded = { events: [], triggers: [] };
  for (const part of parts) {
    for (const packet of decoder.decode(part)) addRows(decoded, packet);
  }
  return decoded;
}

function addRows({ events, triggers }: Decoded, { polarityEvents, triggerEvents }: Packet): void {
  polarityEvents?.t.forEach((t, i) => {
    const { x, y, on } = polarityEvents;
    events.push([t, x[i]!, y[i]!, on[i]!]);
  });
  triggerEvents?.t.forEach((t, i) => triggers.push([t, triggerEvents.id[i]!, triggerEvents.edge[i]!]));
}
