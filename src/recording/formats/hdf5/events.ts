/** Events and triggers in the chunks of Metavision's datasets. */

import type { PolarityEvents } from "../../../packets/columns.ts";
import type { Geometry } from "../../../types.ts";
import { Malformed } from "../../codecs/malformed.ts";
import type { TriggerRow } from "../../packet_of_parts.ts";
import { type Dataset, readChunk } from "./dataset.ts";
import { integerAt, type IntegerType } from "./datatype.ts";
import { decodeEcf } from "./ecf.ts";
import type { Hdf5File } from "./file.ts";

/** Events that are read a chunk at a time. */
export interface EventChunks {
  /** How many chunks there are. */
  readonly count: number;
  bytesOf(chunk: number): number;
  addressOf(chunk: number): number;
  /** The events of a chunk; their times do not fall. */
  read(chunk: number): Promise<PolarityEvents>;
}

/** Triggers that are read a chunk at a time. */
export interface TriggerChunks {
  readonly count: number;
  /** The triggers of a chunk, whose times must not be smaller than the last one before. */
  read(chunk: number, lastTime: number): Promise<TriggerRow[]>;
}

/** Those events that lie in the sensor, and how many do not. */
export function inSensor(events: PolarityEvents, geometry: Geometry | undefined) {
  if (geometry === undefined) return { events, outOfSensor: 0 };
  const { t, x, y, on } = events;
  const { width, height } = geometry;
  let count = 0;
  for (let i = 0; i < t.length; i++) {
    if (x[i]! >= width || y[i]! >= height) continue;
    [t[count], x[count], y[count], on[count]] = [t[i]!, x[i]!, y[i]!, on[i]!];
    count++;
  }
  return { events: firstOf(events, count), outOfSensor: t.length - count };
}

/** Views of the first events. */
export function firstOf({ t, x, y, on }: PolarityEvents, count: number): PolarityEvents {
  return { t: t.subarray(0, count), x: x.subarray(0, count), y: y.subarray(0, count), on: on.subarray(0, count) };
}

/** Columns with room for events. */
export function eventColumns(count: number): PolarityEvents {
  return {
    t: new Float64Array(count),
    x: new Uint16Array(count),
    y: new Uint16Array(count),
    on: new Uint8Array(count),
  };
}

/** Chunks of `/CD/events`: records of x, y, p and t, or ECF. */
export class MetavisionEvents implements EventChunks {
  readonly #file: Hdf5File;
  readonly #dataset: Dataset;

  constructor(file: Hdf5File, dataset: Dataset) {
    this.#file = file;
    this.#dataset = dataset;
    fieldsOf(file, dataset, ["x", "y", "p", "t"]);
  }

  get count(): number {
    return this.#dataset.chunks.length;
  }

  bytesOf(chunk: number): number {
    return this.#dataset.chunks[chunk]!.bytes;
  }

  addressOf(chunk: number): number {
    return this.#dataset.chunks[chunk]!.address;
  }

  async read(index: number): Promise<PolarityEvents> {
    const chunk = this.#dataset.chunks[index]!;
    const count = Math.min(this.#dataset.chunkLength, this.#dataset.length - chunk.start);
    try {
      const { bytes, isEcf } = await readChunk(this.#file, this.#dataset, chunk);
      if (!isEcf) return this.#records(bytes, count);
      const events = decodeEcf(bytes);
      if (events.t.length < count) throw new Malformed(`it has ${events.t.length} events of ${count}`);
      return firstOf(events, count);
    } catch (error) {
      throw this.#file.reading(error, `a chunk of ${this.#dataset.name}`, chunk.address);
    }
  }

  #records(bytes: Uint8Array, count: number): PolarityEvents {
    const { bytes: step } = this.#dataset.type;
    const [x, y, p, t] = fieldsOf(this.#file, this.#dataset, ["x", "y", "p", "t"]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const events = eventColumns(count);
    let last = -Infinity;
    for (let i = 0, at = 0; i < count; i++, at += step) {
      last = mustFollow(integerAt(view, at + t!.offset, t!.type), last, i);
      events.t[i] = last;
      events.x[i] = integerAt(view, at + x!.offset, x!.type);
      events.y[i] = integerAt(view, at + y!.offset, y!.type);
      events.on[i] = integerAt(view, at + p!.offset, p!.type) > 0 ? 1 : 0;
    }
    return events;
  }
}

/** Chunks of `/EXT_TRIGGER/events`: records of p, t and id. */
export class MetavisionTriggers implements TriggerChunks {
  readonly #file: Hdf5File;
  readonly #dataset: Dataset;

  constructor(file: Hdf5File, dataset: Dataset) {
    this.#file = file;
    this.#dataset = dataset;
    fieldsOf(file, dataset, ["p", "t", "id"]);
  }

  get count(): number {
    return this.#dataset.chunks.length;
  }

  async read(index: number, lastTime: number): Promise<TriggerRow[]> {
    const chunk = this.#dataset.chunks[index]!;
    const [p, t, id] = fieldsOf(this.#file, this.#dataset, ["p", "t", "id"]);
    const count = Math.min(this.#dataset.chunkLength, this.#dataset.length - chunk.start);
    try {
      const { bytes, isEcf } = await readChunk(this.#file, this.#dataset, chunk);
      if (isEcf) throw new Malformed("triggers in ECF");
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const rows: TriggerRow[] = [];
      let last = lastTime;
      for (let i = 0, at = 0; i < count; i++, at += this.#dataset.type.bytes) {
        last = mustFollow(integerAt(view, at + t!.offset, t!.type), last, i);
        const edge = integerAt(view, at + p!.offset, p!.type) > 0 ? 1 : 0;
        const input = integerAt(view, at + id!.offset, id!.type);
        if (input < 0 || input > 255) throw new Malformed(`trigger ${i} has id ${input}`, "unsupported");
        rows.push({ t: last, id: input, edge });
      }
      return rows;
    } catch (error) {
      throw this.#file.reading(error, `a chunk of ${this.#dataset.name}`, chunk.address);
    }
  }
}

/** A time behind the last one. */
export function mustFollow(time: number, last: number, index: number): number {
  if (!Number.isSafeInteger(time) || time < last) throw new Malformed(`event ${index} has t ${time}, after ${last}`);
  return time;
}

function fieldsOf(file: Hdf5File, { name, type }: Dataset, names: readonly string[]) {
  return names.map((field): { readonly offset: number; readonly type: IntegerType } => {
    const member = type.kind === "compound" ? type.members.get(field) : undefined;
    if (member === undefined) throw file.fail("unsupported", `${name} has no field ${field}`, 0);
    return member;
  });
}
