import {
  type Capacity,
  columnsByteLength,
  type PolarityEvents,
  polarityEventsIn,
  type TriggerEvents,
  triggerEventsIn,
} from "./columns.ts";
import { largestCopy, type LentBuffer } from "./lent_buffer.ts";

/**
 * Decoded events. A packet is valid until the next iteration of the source that it came from; then its buffer is
 * detached, so that a packet kept by mistake reads as empty (every column has length 0) and never as other events.
 * {@link Packet.clone} keeps one; `postMessage(packet.polarityEvents, [packet.buffer])` moves its events to a Worker. The
 * columns are what to post: how they lie in the buffer, and how many of its bytes they use, differs from packet to packet.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * const device = await open({ libusb: "virtual" });
 * for await (const { packet } of device) {
 *   if (packet?.polarityEvents === undefined) continue;
 *   const { t, x, y, on } = packet.polarityEvents;
 *   console.log(`first of ${t.length} events: (${x[0]}, ${y[0]}) ${on[0] ? "ON" : "OFF"} at ${t[0]} µs`);
 *   break; // closes the device
 * }
 * ```
 */
export interface Packet {
  /** Pixel changes; absent when there are none. */
  readonly polarityEvents?: PolarityEvents;
  /** Edges of trigger inputs; absent when there are none. */
  readonly triggerEvents?: TriggerEvents;
  /** The one buffer behind all columns. */
  readonly buffer: ArrayBuffer;
  /** A copy with a buffer of its own, as long as its events, which stays valid. */
  clone(): Packet;
}

/**
 * Lends the first events and triggers of the buffer taken last: the buffer itself, or a copy if they are few. Where there
 * are none, there is nothing to lend.
 */
export function lendPacket(
  lender: LentBuffer,
  buffer: ArrayBuffer,
  capacity: Capacity,
  events: number,
  triggers: number,
): Packet {
  if (events + triggers === 0) return emptyPacket();
  const packet = createPacket(buffer, capacity, events, triggers);
  const lent = columnsByteLength({ events, triggers }) <= largestCopy ? packet.clone() : packet;
  lender.lend(lent.buffer);
  return lent;
}

/** A packet in which nothing happened: all that a camera with a covered lens gives, so it is made in one step. */
function emptyPacket(): Packet {
  return { buffer: new ArrayBuffer(0), clone: emptyPacket };
}

/** A packet over the first events and triggers of a filled buffer; where there are none, one with a buffer of its own. */
export function createPacket(buffer: ArrayBuffer, capacity: Capacity, events: number, triggers: number): Packet {
  if (events + triggers === 0) return emptyPacket();
  const clone = () => cloneOf(packet);
  // One literal each: spreading what there is, or adding it, takes as long as making all columns.
  let packet: Packet;
  if (triggers === 0) {
    packet = { polarityEvents: polarityEventsIn(buffer, capacity, events), buffer, clone };
  } else if (events === 0) {
    packet = { triggerEvents: triggerEventsIn(buffer, capacity, triggers), buffer, clone };
  } else {
    const polarityEvents = polarityEventsIn(buffer, capacity, events);
    packet = { polarityEvents, triggerEvents: triggerEventsIn(buffer, capacity, triggers), buffer, clone };
  }
  return packet;
}

function cloneOf({ polarityEvents, triggerEvents }: Packet): Packet {
  const events = polarityEvents?.t.length ?? 0;
  const triggers = triggerEvents?.t.length ?? 0;
  const capacity = { events: roundUp(events), triggers: roundUp(triggers) };
  const buffer = new ArrayBuffer(columnsByteLength(capacity));
  const copy = createPacket(buffer, capacity, events, triggers);
  copyColumns(polarityEvents, copy.polarityEvents);
  copyColumns(triggerEvents, copy.triggerEvents);
  return copy;
}

function copyColumns(from: object | undefined, to: object | undefined): void {
  for (const [name, column] of Object.entries(to ?? {})) {
    (column as Uint8Array).set((from as Record<string, Uint8Array>)[name]!);
  }
}

/** The next multiple of 8, which keeps every column aligned. */
function roundUp(count: number): number {
  return (count + 7) & ~7;
}
