/** What a format cannot hold of a recording. */

import type { PolarityEvents, TriggerEvents } from "../packets/columns.ts";
import type { Packet } from "../packets/packet.ts";
import type { Gap } from "../packets/status.ts";
import type { FormatLimits, RecordingFormat } from "./format.ts";

/**
 * Kinds of what a format cannot hold.
 *
 * | kind            | what                                                                                |
 * | --------------- | ----------------------------------------------------------------------------------- |
 * | `"times"`       | events and triggers later than its largest time                                     |
 * | `"coordinates"` | events beyond its largest column or row                                             |
 * | `"triggers"`    | triggers, all of them                                                               |
 * | `"trigger-ids"` | triggers of inputs with larger numbers than it has                                  |
 * | `"pulses"`      | triggers that are whole pulses, where it has edges only                             |
 * | `"imu"`         | samples of the inertial measurement unit                                            |
 * | `"frames"`      | frames                                                                              |
 * | `"gaps"`        | marks of missing data: only the words of a RAW file show where the time jumps       |
 */
export type LossKind = "times" | "coordinates" | "triggers" | "trigger-ids" | "pulses" | "imu" | "frames" | "gaps";

/** How much of a kind cannot be held. */
export interface Loss {
  /** What it is. */
  readonly kind: LossKind;
  /** How many there are. */
  readonly count: number;
}

/** Nouns for people, one and many. */
const nouns: Readonly<Record<LossKind, readonly [one: string, many: string]>> = {
  times: ["event later than its largest time", "events later than its largest time"],
  coordinates: ["event beyond its largest column or row", "events beyond its largest column or row"],
  triggers: ["trigger", "triggers"],
  "trigger-ids": ["trigger of an input with a larger number", "triggers of inputs with larger numbers"],
  pulses: ["trigger that is a whole pulse", "triggers that are whole pulses"],
  imu: ["sample of the inertial measurement unit", "samples of the inertial measurement unit"],
  frames: ["frame", "frames"],
  gaps: ["mark of missing data", "marks of missing data"],
};

/** For example `12 triggers, 1 frame`. */
export function lossesMessage(losses: readonly Loss[]): string {
  return losses.map(({ kind, count }) => `${count} ${nouns[kind][count === 1 ? 0 : 1]}`).join(", ");
}

/** Whether a file of a format shows where the time jumps, as a reader of RAW files marks it. */
function showsGaps({ name }: RecordingFormat): boolean {
  return name.startsWith("raw-");
}

/** Whether everything that one format can hold can be held by another, so that nothing has to be looked at. */
export function canHoldAll(target: RecordingFormat, source: RecordingFormat): boolean {
  const [to, from] = [target.limits, source.limits];
  const triggersFit = from.triggers === undefined || (to.triggers !== undefined &&
    to.triggers.maximumId >= from.triggers.maximumId && (to.triggers.pulses || !from.triggers.pulses));
  return to.maximumTime >= from.maximumTime && to.maximumX >= from.maximumX && to.maximumY >= from.maximumY &&
    triggersFit && (to.imu || !from.imu) && (to.frames || !from.frames) && (showsGaps(target) || !showsGaps(source));
}

/** Takes out of packets what a format cannot hold, and counts it. */
export class LossFilter {
  readonly #limits: FormatLimits;
  readonly #marksGaps: boolean;
  readonly #counts = new Map<LossKind, number>();

  constructor(target: RecordingFormat) {
    this.#limits = target.limits;
    this.#marksGaps = showsGaps(target);
  }

  /** What was taken out so far. */
  get losses(): readonly Loss[] {
    return Array.from(this.#counts, ([kind, count]) => ({ kind, count }));
  }

  /** What of a packet can be held: the packet itself where that is all of it. It is valid as long as the packet is. */
  filter(packet: Packet, gaps: readonly Gap[]): Packet {
    if (!this.#marksGaps) this.#count("gaps", gaps.length);
    const { polarityEvents, triggerEvents, imuEvents, frames } = packet;
    const held: Packet = new PartOfPacket(packet.buffer, {
      polarityEvents: polarityEvents && this.#polarityEvents(polarityEvents),
      triggerEvents: triggerEvents && this.#triggerEvents(triggerEvents),
      imuEvents: this.#limits.imu ? imuEvents : this.#none("imu", imuEvents?.t.length),
      frames: this.#limits.frames ? frames : this.#none("frames", frames?.length),
    });
    const isAll = held.polarityEvents === polarityEvents && held.triggerEvents === triggerEvents &&
      held.imuEvents === imuEvents && held.frames === frames;
    return isAll ? packet : held;
  }

  #polarityEvents(events: PolarityEvents): PolarityEvents | undefined {
    const { maximumTime, maximumX, maximumY } = this.#limits;
    const { t, x, y } = events;
    const inTime = firstBehind(t, maximumTime);
    this.#count("times", t.length - inTime);
    let inSize = 0;
    for (let index = 0; index < inTime; index++) if (x[index]! <= maximumX && y[index]! <= maximumY) inSize++;
    this.#count("coordinates", inTime - inSize);
    if (inSize === t.length) return events;
    return selected(events, (index) => index < inTime && x[index]! <= maximumX && y[index]! <= maximumY);
  }

  #triggerEvents(events: TriggerEvents): TriggerEvents | undefined {
    const { triggers, maximumTime } = this.#limits;
    const { t, id, edge } = events;
    if (triggers === undefined) return this.#none("triggers", t.length);
    const inTime = firstBehind(t, maximumTime);
    this.#count("times", t.length - inTime);
    const pulse = 2;
    let held = 0;
    for (let index = 0; index < inTime; index++) {
      if (id[index]! > triggers.maximumId) this.#count("trigger-ids", 1);
      else if (edge[index] === pulse && !triggers.pulses) this.#count("pulses", 1);
      else held++;
    }
    if (held === t.length) return events;
    const fits = (index: number) => id[index]! <= triggers.maximumId && (edge[index] !== pulse || triggers.pulses);
    return selected(events, (index) => index < inTime && fits(index));
  }

  #none(kind: LossKind, count = 0): undefined {
    this.#count(kind, count);
    return undefined;
  }

  #count(kind: LossKind, count: number): void {
    if (count > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
  }
}

/** How many times, which never decrease, are not above a largest one. */
function firstBehind(t: Float64Array, maximum: number): number {
  let count = t.length;
  while (count > 0 && t[count - 1]! > maximum) count--;
  return count;
}

type Column = Float64Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** The rows of columns that are wanted; undefined where there are none. */
function selected<Columns extends object>(columns: Columns, isWanted: (index: number) => boolean): Columns | undefined {
  const names = Object.keys(columns) as (keyof Columns & string)[];
  const filtered = names.map((name) => [name, (columns[name] as Column).filter((_, index) => isWanted(index))]);
  const selection = Object.fromEntries(filtered) as Columns;
  return (selection[names[0]!] as Column).length === 0 ? undefined : selection;
}

type Parts = { readonly [Kind in keyof Omit<Packet, "buffer" | "clone">]: Packet[Kind] | undefined };

/** Some events of a packet. Its columns may be copies; a writer takes nothing else of it. */
class PartOfPacket implements Packet {
  declare readonly polarityEvents?: PolarityEvents;
  declare readonly triggerEvents?: TriggerEvents;
  declare readonly imuEvents?: NonNullable<Packet["imuEvents"]>;
  declare readonly frames?: NonNullable<Packet["frames"]>;
  readonly buffer: ArrayBuffer;
  readonly #parts: Parts;

  constructor(buffer: ArrayBuffer, parts: Parts) {
    this.buffer = buffer;
    this.#parts = parts;
    for (const [kind, part] of Object.entries(parts)) if (part !== undefined) Object.assign(this, { [kind]: part });
  }

  clone(): Packet {
    return new PartOfPacket(this.buffer, structuredClone(this.#parts));
  }
}
