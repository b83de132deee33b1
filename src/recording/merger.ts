import { maximumEventsPerPacket } from "../decoder/decoder.ts";
import type { PolarityEvents } from "../packets/columns.ts";
import type { Frame } from "../packets/frames.ts";
import type { Packet } from "../packets/packet.ts";
import { type ImuRow, packetOfParts, type TriggerRow } from "./packet_of_parts.ts";

/** Kinds that have a stream of their own in a file. */
export type MergedKind = "polarity" | "trigger" | "imu" | "frame";

/** The most triggers, samples or frames of one packet. */
const maximumRows = 4096;

/** So many batches wait for a stream that is silent; then those that wait longest go on without it. */
const maximumWaiting = 32;

interface Rows {
  trigger: TriggerRow[];
  imu: ImuRow[];
  frame: Frame[];
}

const rowKinds = ["trigger", "imu", "frame"] as const;

/**
 * Merges kinds that a file holds in streams of their own, batch after batch, into packets that follow each other in time:
 * the triggers of a packet lie between its first and its last event. Within one kind times must not fall.
 *
 * A batch waits until all streams have come as far. Where one is silent for 32 batches, those before go on without it.
 */
export class Merger {
  readonly #lastTimes = new Map<MergedKind, number>();
  readonly #polarity: PolarityEvents[] = [];
  readonly #rows: Rows = { trigger: [], imu: [], frame: [] };
  /** The last times of batches that wait, in the order in which they came. */
  #waiting: number[] = [];
  /** The last time of all packets that were taken. */
  currentTime: number | undefined;

  /** @param expected The kinds that have a stream; others count from their first batch on. */
  constructor(expected: Iterable<MergedKind>) {
    for (const kind of expected) this.#lastTimes.set(kind, -Infinity);
  }

  /** The last time of a kind; -Infinity before the first. */
  lastTime(kind: MergedKind): number {
    return this.#lastTimes.get(kind) ?? -Infinity;
  }

  /** The last time of all kinds. */
  get lastTimeOfAll(): number {
    return Math.max(...this.#lastTimes.values());
  }

  /** Adds events. Their columns are copied into packets later, so they must stay as they are. */
  addPolarity(events: PolarityEvents): void {
    if (events.t.length === 0) return;
    this.#polarity.push(events);
    this.#came("polarity", events.t.at(-1)!);
  }

  addTriggers(rows: readonly TriggerRow[]): void {
    this.#addRows("trigger", this.#rows.trigger, rows);
  }

  addImu(rows: readonly ImuRow[]): void {
    this.#addRows("imu", this.#rows.imu, rows);
  }

  addFrames(rows: readonly Frame[]): void {
    this.#addRows("frame", this.#rows.frame, rows);
  }

  /** The packets that wait for nothing. */
  *ready(): Generator<Packet> {
    let until = Math.min(...this.#lastTimes.values());
    for (let i = 0; this.#waiting.length - i > maximumWaiting; i++) until = Math.max(until, this.#waiting[i]!);
    yield* this.until(until);
  }

  /** The packets up to a time, or of all that is left. */
  *until(time: number): Generator<Packet> {
    for (;;) {
      const end = this.#endOfPacket(time);
      const polarity = this.#takePolarity(end);
      const parts = {
        polarity,
        trigger: takeRows(this.#rows.trigger, end),
        imu: takeRows(this.#rows.imu, end),
        frame: takeRows(this.#rows.frame, end),
      };
      const last = Math.max(
        polarity?.t.at(-1) ?? -Infinity,
        ...rowKinds.map((kind) => parts[kind].at(-1)?.t ?? -Infinity),
      );
      if (last === -Infinity) break;
      this.currentTime = Math.max(this.currentTime ?? last, last);
      yield packetOfParts(parts);
    }
    this.#waiting = this.#waiting.filter((last) => last > time);
  }

  #addRows<Row extends { readonly t: number }>(kind: MergedKind, rows: Row[], more: readonly Row[]): void {
    if (more.length === 0) return;
    for (const row of more) rows.push(row);
    this.#came(kind, more.at(-1)!.t);
  }

  #came(kind: MergedKind, time: number): void {
    this.#lastTimes.set(kind, time);
    this.#waiting.push(time);
  }

  /** Up to which time the next packet goes: to the end of a batch of events, or as far as there is room for all kinds. */
  #endOfPacket(time: number): number {
    let end = time;
    const t = this.#polarity[0]?.t;
    if (t !== undefined) end = Math.min(end, t[Math.min(t.length, maximumEventsPerPacket) - 1]!);
    for (const kind of rowKinds) end = Math.min(end, this.#rows[kind][maximumRows - 1]?.t ?? Infinity);
    return end;
  }

  #takePolarity(end: number): PolarityEvents | undefined {
    const events = this.#polarity[0];
    if (events === undefined || events.t[0]! > end) return undefined;
    const count = Math.min(countUntil(events.t, end), maximumEventsPerPacket);
    if (count === events.t.length) {
      this.#polarity.shift();
      return events;
    }
    this.#polarity[0] = part(events, count, events.t.length);
    return part(events, 0, count);
  }
}

function part({ t, x, y, on }: PolarityEvents, from: number, end: number): PolarityEvents {
  return { t: t.subarray(from, end), x: x.subarray(from, end), y: y.subarray(from, end), on: on.subarray(from, end) };
}

/** How many of times that do not fall are at most `end`. */
function countUntil(t: Float64Array, end: number): number {
  let [low, high] = [0, t.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle]! <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}

function takeRows<Row extends { readonly t: number }>(rows: Row[], end: number): Row[] {
  let count = 0;
  while (count < rows.length && count < maximumRows && rows[count]!.t <= end) count++;
  return rows.splice(0, count);
}
