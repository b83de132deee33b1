/** Lists of events and triggers as tests compare them, and what gives and takes them. */

import assert from "node:assert/strict";
// Provides the library that readers decode with.
import "../../../src/native/native.ts";
import type { Packet } from "../../../src/packets/packet.ts";
import { PacketBuilder } from "../../../src/recording/packet_builder.ts";
import type { FormatReadOptions, RecordingFormat } from "../../../src/recording/format.ts";
import type { SourceFiles } from "../../../src/recording/source.ts";
import type { Geometry } from "../../../src/types.ts";
import type { Random } from "../../support/random.ts";

/** Events, one after the other. */
export type EventList = readonly (readonly [t: number, x: number, y: number, on: number])[];
/** Triggers, one after the other. */
export type TriggerList = readonly (readonly [t: number, id: number, edge: number])[];

/** What a recording holds. */
export interface Content {
  readonly events: EventList;
  readonly triggers: TriggerList;
}

/** What came of reading a recording. */
export interface ReadResult extends Content {
  readonly geometry: Geometry | undefined;
  readonly header: Readonly<Record<string, string>>;
  readonly outOfSensor: number;
  readonly bytes: number;
  /** What reading ended with; undefined where it came to the end. */
  readonly error: unknown;
}

/** Reads all of a recording; an error of opening it is thrown, and one of reading it a part of the result. */
export async function readAll(
  format: RecordingFormat,
  files: SourceFiles,
  options: FormatReadOptions & { readonly from?: number } = {},
): Promise<ReadResult> {
  const reader = await format.openReader!(files, options);
  const events: [number, number, number, number][] = [];
  const triggers: [number, number, number][] = [];
  let [outOfSensor, bytes, time, error] = [0, 0, -Infinity, undefined as unknown];
  try {
    for await (const item of reader.read(options.from)) {
      outOfSensor += item.outOfSensor;
      bytes += item.bytes;
      appendTo(events, triggers, item.packet);
      assert.ok((item.packet.polarityEvents?.t.length ?? 0) <= 65_536);
      assert.ok(item.currentTime === undefined || item.currentTime >= time, "the current time falls");
      time = item.currentTime ?? time;
      assert.ok((item.packet.polarityEvents?.t.at(-1) ?? -Infinity) <= time, "an event is later than the current time");
      assert.ok((item.packet.triggerEvents?.t.at(-1) ?? -Infinity) <= time, "a trigger is later than the current time");
    }
  } catch (thrown) {
    error = thrown;
  }
  await reader.close();
  await reader.close();
  for (const list of [events, triggers]) {
    for (let i = 1; i < list.length; i++) assert.ok(list[i]![0] >= list[i - 1]![0], `the time falls at ${i}`);
  }
  return { events, triggers, geometry: reader.geometry, header: reader.header, outOfSensor, bytes, error };
}

function appendTo(events: number[][], triggers: number[][], { polarityEvents, triggerEvents }: Packet): void {
  if (polarityEvents !== undefined) {
    const { t, x, y, on } = polarityEvents;
    for (let i = 0; i < t.length; i++) events.push([t[i]!, x[i]!, y[i]!, on[i]!]);
  }
  if (triggerEvents !== undefined) {
    const { t, id, edge } = triggerEvents;
    for (let i = 0; i < t.length; i++) triggers.push([t[i]!, id[i]!, edge[i]!]);
  }
}

/** What packets hold together. */
export function contentOf(packets: readonly Packet[]): Content {
  const [events, triggers]: [[number, number, number, number][], [number, number, number][]] = [[], []];
  for (const packet of packets) appendTo(events, triggers, packet);
  return { events, triggers };
}

/** A packet of its own. */
export function packetFrom({ events = [], triggers = [] }: Partial<Content>): Packet {
  const builder = new PacketBuilder();
  for (const [t, x, y, on] of events) {
    const at = builder.polarityCount++;
    builder.polarity.t[at] = t;
    builder.polarity.x[at] = x;
    builder.polarity.y[at] = y;
    builder.polarity.on[at] = on;
  }
  for (const [t, id, edge] of triggers) {
    const at = builder.triggerCount++;
    builder.trigger.t[at] = t;
    builder.trigger.id[at] = id;
    builder.trigger.edge[at] = edge;
  }
  return builder.take();
}

/** What random events shall be like. */
export interface RandomContentOptions {
  readonly geometry: Geometry;
  readonly count: number;
  /** The longest pause, which is rare. */
  readonly longestPause: number;
  readonly firstTime?: number;
  readonly triggers?: { readonly maximumId: number; readonly pulses: boolean } | undefined;
}

/** Events at random: several at a time, pauses of all lengths, corners, and triggers between and after them. */
export function randomContent(random: Random, options: RandomContentOptions): Content {
  const { geometry: { width, height }, count, longestPause, triggers: kind } = options;
  const events: [number, number, number, number][] = [];
  const triggers: [number, number, number][] = [];
  let t = options.firstTime ?? random.whole(0, 1000);
  for (let i = 0; i < count; i++) {
    if (random.chance(0.6)) t += random.chance(0.01) ? random.whole(0, longestPause) : random.whole(0, 300);
    if (kind !== undefined && random.chance(0.02)) {
      triggers.push([t, random.whole(0, kind.maximumId), random.whole(0, kind.pulses ? 2 : 1)]);
      continue;
    }
    const x = random.chance(0.05) ? random.pick([0, width - 1]) : random.whole(0, width - 1);
    const y = random.chance(0.05) ? random.pick([0, height - 1]) : random.whole(0, height - 1);
    events.push([t, x, y, random.whole(0, 1)]);
  }
  return { events, triggers };
}

/** The same content in packets of random sizes. */
export function* randomPackets({ events, triggers }: Content, random: Random): Generator<Packet> {
  let trigger = 0;
  for (let start = 0; start < events.length;) {
    const end = Math.min(events.length, start + random.pick([1, 7, 500, 5000]));
    const before = trigger;
    while (trigger < triggers.length && (end === events.length || triggers[trigger]![0] < events[end]![0])) trigger++;
    yield packetFrom({ events: events.slice(start, end), triggers: triggers.slice(before, trigger) });
    start = end;
  }
  if (events.length === 0 && triggers.length > 0) yield packetFrom({ triggers });
}

/** Fails at the first event that differs, which a comparison of whole lists would not show. */
export function assertSame(actual: Content, expected: Content): void {
  for (const kind of ["events", "triggers"] as const) {
    const [left, right] = [actual[kind], expected[kind]];
    for (let i = 0; i < Math.min(left.length, right.length); i++) {
      if (left[i]!.some((value, field) => value !== right[i]![field])) {
        assert.fail(`${kind}[${i}] is (${left[i]}) and not (${right[i]})`);
      }
    }
    assert.equal(left.length, right.length, `number of ${kind}`);
  }
}

/** Fails where an error is not a NeuromorphicError with these fields. */
export function assertError(
  error: unknown,
  fields: { readonly code: string; readonly path?: string; readonly offset?: number; readonly message?: RegExp },
): void {
  assert.throws(() => {
    throw error ?? new Error("there is no error");
  }, { name: "NeuromorphicError", ...fields });
}
