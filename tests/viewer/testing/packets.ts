/** Packets and statuses for tests of the page. */

import { polarityEventsIn, triggerEventsIn } from "../../../src/packets/columns.ts";
import { kindIndex, kindNames } from "../../../src/packets/kinds.ts";
import { layoutForCounts } from "../../../src/packets/layout.ts";
import { type Packet, packetOver } from "../../../src/packets/packet.ts";
import type { Status } from "../../../src/packets/status.ts";

/** An event as tests write it. */
export type Event = readonly [t: number, x: number, y: number, on: 0 | 1];

/** A packet with these events, and triggers at these times. */
export function packetWith(events: readonly Event[], triggers: readonly number[] = []): Packet {
  const counts = kindNames.map(() => 0);
  counts[kindIndex.polarity] = events.length;
  counts[kindIndex.trigger] = triggers.length;
  const layout = layoutForCounts(counts);
  const buffer = new ArrayBuffer(layout.byteLength);
  const columns = polarityEventsIn(buffer, layout, events.length);
  for (const [index, [t, x, y, on]] of events.entries()) {
    columns.t[index] = t;
    columns.x[index] = x;
    columns.y[index] = y;
    columns.on[index] = on;
  }
  triggerEventsIn(buffer, layout, triggers.length).t.set(triggers);
  return packetOver(buffer, layout, counts);
}

/** A packet with ON events at these times. */
export function packetAt(...times: readonly number[]): Packet {
  return packetWith(times.map((t) => [t, 1, 2, 1]));
}

/** Times of a packet's events. */
export function timesOf({ polarityEvents }: Packet): number[] {
  return Array.from(polarityEvents?.t ?? []);
}

/** A status in which nothing is wrong. */
export function statusWith(known: Partial<Status> = {}): Status {
  return {
    receivedMs: 0,
    consumedMs: 0,
    delayMs: 0,
    backlog: 0,
    rawPackets: 1,
    bytes: 0,
    currentTime: undefined,
    outOfSensor: 0,
    timeDiscontinuities: 0,
    rateController: undefined,
    droppedTransfers: 0,
    droppedBytes: 0,
    missingTransfers: 0,
    gaps: [],
    ...known,
  };
}
