/**
 * The layout of the DSEC data set: columns `/events/t`, `x`, `y` and `p` of one length, and `/t_offset`, which is added
 * to t. Each column has chunks and filters of its own.
 */

import type { PolarityEvents } from "../../../packets/columns.ts";
import type { Geometry } from "../../../types.ts";
import { Malformed } from "../../codecs/malformed.ts";
import { type Dataset, readChunk, readDataset } from "./dataset.ts";
import { integerAt } from "./datatype.ts";
import { type EventChunks, eventColumns, mustFollow } from "./events.ts";
import type { Hdf5File } from "./file.ts";
import { findMember, type Message, readMessages } from "./objects.ts";

/** How many events are read at a time. */
const step = 1 << 16;

/** What a file in this layout holds; undefined where it has another layout. */
export async function openDsec(
  file: Hdf5File,
  root: readonly Message[],
  attributes: Readonly<Record<string, string>>,
): Promise<{ readonly events: EventChunks; readonly geometry: Geometry | undefined } | undefined> {
  const group = await findMember(file, root, "events");
  if (group === undefined) return undefined;
  const members = await readMessages(file, group);
  const columns: Column[] = [];
  for (const name of ["t", "x", "y", "p"]) {
    const address = await findMember(file, members, name);
    if (address === undefined) return undefined;
    columns.push(new Column(file, await readDataset(file, `/events/${name}`, address)));
  }
  const [t, x, y, p] = columns as [Column, Column, Column, Column];
  if (columns.some(({ length }) => length !== t.length)) {
    throw file.fail("damaged", "the columns of /events have different lengths", group);
  }
  const offsetAddress = await findMember(file, root, "t_offset");
  const offset = offsetAddress === undefined
    ? 0
    : (await new Column(file, await readDataset(file, "/t_offset", offsetAddress)).read(0, 1))[0]!;
  const [width, height] = [Number(attributes["width"]), Number(attributes["height"])];
  const geometry = width >= 1 && height >= 1 ? { width, height } : undefined;
  return { events: new DsecEvents(file, { t, x, y, p }, offset), geometry };
}

class DsecEvents implements EventChunks {
  readonly #file: Hdf5File;
  readonly #columns: Readonly<Record<"t" | "x" | "y" | "p", Column>>;
  readonly #offset: number;

  constructor(file: Hdf5File, columns: Readonly<Record<"t" | "x" | "y" | "p", Column>>, offset: number) {
    this.#file = file;
    this.#columns = columns;
    this.#offset = offset;
  }

  get count(): number {
    return Math.ceil(this.#columns.t.length / step);
  }

  /** Columns have chunks of different lengths, so a part of all of them. */
  bytesOf(): number {
    return Math.floor(Object.values(this.#columns).reduce((sum, { bytes }) => sum + bytes, 0) / this.count);
  }

  addressOf(chunk: number): number {
    return this.#columns.t.addressOf(chunk * step);
  }

  async read(chunk: number): Promise<PolarityEvents> {
    const start = chunk * step;
    const count = Math.min(step, this.#columns.t.length - start);
    const events = eventColumns(count);
    events.x.set(await this.#columns.x.read(start, count));
    events.y.set(await this.#columns.y.read(start, count));
    const p = await this.#columns.p.read(start, count);
    const t = await this.#columns.t.read(start, count);
    let last = -Infinity;
    try {
      for (let i = 0; i < count; i++) {
        last = mustFollow(t[i]! + this.#offset, last, start + i);
        events.t[i] = last;
        events.on[i] = p[i]! > 0 ? 1 : 0;
      }
    } catch (error) {
      throw this.#file.reading(error, "/events/t", this.addressOf(chunk));
    }
    return events;
  }
}

/** Whole numbers of a dataset. The chunk that was read last is kept. */
class Column {
  readonly #file: Hdf5File;
  readonly #dataset: Dataset;
  #last = -1;
  #bytes = new DataView(new ArrayBuffer(0));

  constructor(file: Hdf5File, dataset: Dataset) {
    this.#file = file;
    this.#dataset = dataset;
  }

  get length(): number {
    return this.#dataset.length;
  }

  get bytes(): number {
    return this.#dataset.chunks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  addressOf(index: number): number {
    return this.#dataset.chunks[Math.floor(index / this.#dataset.chunkLength)]!.address;
  }

  async read(start: number, count: number): Promise<Float64Array> {
    const { type, chunkLength, chunks, name } = this.#dataset;
    const values = new Float64Array(count);
    if (type.kind !== "integer") throw this.#file.fail("unsupported", `${name} holds no whole numbers`, 0);
    for (let i = 0; i < count; i++) {
      const chunk = Math.floor((start + i) / chunkLength);
      if (chunk !== this.#last) await this.#load(chunk);
      const at = (start + i - chunks[chunk]!.start) * type.bytes;
      if (at + type.bytes > this.#bytes.byteLength) {
        throw this.#file.fail("damaged", `a chunk of ${name} is too short`, chunks[chunk]!.address);
      }
      values[i] = integerAt(this.#bytes, at, type);
    }
    return values;
  }

  async #load(index: number): Promise<void> {
    const { chunks, name } = this.#dataset;
    const chunk = chunks[index]!;
    try {
      const { bytes, isEcf } = await readChunk(this.#file, this.#dataset, chunk);
      if (isEcf) throw new Malformed("numbers in ECF");
      this.#bytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#last = index;
    } catch (error) {
      throw this.#file.reading(error, `a chunk of ${name}`, chunk.address);
    }
  }
}
