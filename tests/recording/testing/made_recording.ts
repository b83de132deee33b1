/** Small recordings made by code, with the events that a right reader gets. */

import type { Packet, PolarityEvents, TriggerEvents } from "../../../mod.ts";

/** Text as bytes, followed by other bytes. */
export function rawFile(headerText: string, words: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(headerText);
  const bytes = new Uint8Array(head.length + words.length);
  bytes.set(head);
  bytes.set(words, head.length);
  return bytes;
}

/** A header that says all that a reader needs. */
export const usualHeader = "% format EVT3;height=720;width=1280\n% geometry 1280x720\n% end\n";

/** An event for {@link evt3File}. */
export interface MadeEvent {
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly on: number;
}

/** A recording of single events of EVT3, at times that never decrease, nor go on by more than 8 s. */
export function evt3File(events: readonly MadeEvent[], headerText: string = usualHeader): Uint8Array<ArrayBuffer> {
  const words: number[] = [];
  let high = -1;
  for (const { t, x, y, on } of events) {
    if (t >> 12 !== high) words.push(0x8000 | (high = t >> 12) & 0xfff);
    words.push(0x6000 | t & 0xfff, y, 0x2000 | on << 11 | x);
  }
  return rawFile(headerText, new Uint8Array(Uint16Array.from(words).buffer));
}

/** Events at each of these times, at places that differ. */
export function eventsAt(times: readonly number[]): MadeEvent[] {
  return times.map((t, index) => ({ t, x: (index * 7) % 1280, y: (index * 3) % 720, on: index & 1 }));
}

/** All that packets have. */
export interface Collected {
  readonly polarity: MadeEvent[];
  readonly triggers: { readonly t: number; readonly id: number; readonly edge: number }[];
}

/** Appends a packet's events to what was collected. */
export function collect({ polarityEvents, triggerEvents }: Packet, into: Collected): void {
  into.polarity.push(...polarityList(polarityEvents));
  into.triggers.push(...triggerList(triggerEvents));
}

/** Events one by one. */
export function polarityList(events: PolarityEvents | undefined): MadeEvent[] {
  if (events === undefined) return [];
  return Array.from(events.t, (t, index) => ({ t, x: events.x[index]!, y: events.y[index]!, on: events.on[index]! }));
}

/** Triggers one by one. */
export function triggerList(events: TriggerEvents | undefined): Collected["triggers"] {
  if (events === undefined) return [];
  return Array.from(events.t, (t, index) => ({ t, id: events.id[index]!, edge: events.edge[index]! }));
}

/** Reads to the end, or to an error, which is given with what came before it. */
export async function readAll(
  recording: AsyncIterable<{ readonly packet: Packet }>,
): Promise<Collected & { readonly error: unknown }> {
  const collected: Collected = { polarity: [], triggers: [] };
  try {
    for await (const { packet } of recording) collect(packet, collected);
  } catch (error) {
    return { ...collected, error };
  }
  return { ...collected, error: undefined };
}
