import type { NeuromorphicError } from "../../../errors.ts";
import { emptyPacket, type Packet } from "../../../packets/packet.ts";
import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions, ReadItem } from "../../format.ts";
import { Merger } from "../../merger.ts";
import { PendingGaps } from "../../pending_gaps.ts";
import type { ByteSource } from "../../source.ts";
import { readAttributes } from "./attributes.ts";
import { readDataset } from "./dataset.ts";
import { openDsec } from "./dsec.ts";
import { type EventChunks, inSensor, MetavisionEvents, MetavisionTriggers, type TriggerChunks } from "./events.ts";
import { Hdf5File, readSuperblock } from "./file.ts";
import { findMember, type Message, readMessages } from "./objects.ts";

/** Opens a recording. Takes over the source, and closes it where it fails. */
export async function openHdf5(source: ByteSource, options: FormatReadOptions): Promise<FormatReader> {
  try {
    if (!source.isSeekable || source.size === undefined) {
      throw recordingError("unsupported", "HDF5 cannot be read from a stream: write it to a file first", {
        operation: "open",
        path: source.name,
      });
    }
    return await openSeekable(source, new Hdf5File(source), options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openSeekable(source: ByteSource, file: Hdf5File, options: FormatReadOptions): Promise<FormatReader> {
  const { endOfFile, rootAddress } = await readSuperblock(file);
  const truncated = file.size < endOfFile
    ? file.fail("damaged", `truncated: the file should have ${endOfFile} bytes`, file.size)
    : undefined;
  const root = await readMessages(file, rootAddress);
  const attributes = await readAttributes(file, root);
  const open = async (group: string) => {
    const address = await addressOf(file, root, [group, "events"]);
    return address === undefined ? undefined : await readDataset(file, `/${group}/events`, address);
  };
  const dataset = await open("CD");
  if (dataset !== undefined) {
    const triggers = await open("EXT_TRIGGER");
    return new Hdf5Reader(source, file, {
      events: new MetavisionEvents(file, dataset),
      triggers: triggers === undefined ? undefined : new MetavisionTriggers(file, triggers),
      attributes,
      geometry: options.geometry ?? geometryOf(attributes["geometry"]),
      truncated,
    });
  }
  const dsec = await openDsec(file, root, attributes);
  if (dsec === undefined) {
    throw file.fail("unsupported", "has neither /CD/events (Metavision) nor /events/t (DSEC)", rootAddress);
  }
  const { events, geometry } = dsec;
  return new Hdf5Reader(source, file, {
    events,
    triggers: undefined,
    attributes,
    geometry: options.geometry ?? geometry,
    truncated,
  });
}

async function addressOf(file: Hdf5File, root: readonly Message[], path: readonly string[]) {
  let messages = root;
  let address: number | undefined;
  for (const name of path) {
    if (address !== undefined) messages = await readMessages(file, address);
    address = await findMember(file, messages, name);
    if (address === undefined) return undefined;
  }
  return address;
}

function geometryOf(text: string | undefined): Geometry | undefined {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text ?? "") ?? [];
  return width === undefined ? undefined : { width: Number(width), height: Number(height) };
}

interface Parts {
  readonly events: EventChunks;
  readonly triggers: TriggerChunks | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly geometry: Geometry | undefined;
  /** The file is shorter than it says, although chunks may all be there. */
  readonly truncated: NeuromorphicError | undefined;
}

class Hdf5Reader implements FormatReader {
  readonly #source: ByteSource;
  readonly #file: Hdf5File;
  readonly #parts: Parts;

  constructor(source: ByteSource, file: Hdf5File, parts: Parts) {
    this.#source = source;
    this.#file = file;
    this.#parts = parts;
  }

  get geometry(): Geometry | undefined {
    return this.#parts.geometry;
  }

  get header(): Readonly<Record<string, string>> {
    return this.#parts.attributes;
  }

  /** Chunks of events in their order, each with the triggers up to its end. A damaged one becomes a gap. */
  async *read(from: number = -Infinity): AsyncGenerator<ReadItem, undefined> {
    const { events, truncated } = this.#parts;
    const merger = new Merger([]);
    const triggers = this.#parts.triggers === undefined ? undefined : new Triggers(this.#parts.triggers, merger, from);
    let firstError: unknown;
    let [bytes, outOfSensor] = [0, 0];
    const gaps = new PendingGaps();
    const item = (packet: Packet, isLast: boolean = false): ReadItem => {
      const { currentTime } = merger;
      const made = { packet, bytes, currentTime, gaps: gaps.takeFor(packet, isLast), outOfSensor };
      [bytes, outOfSensor] = [0, 0];
      return made;
    };
    for (let chunk = await this.#firstChunk(from); chunk < events.count; chunk++) {
      bytes += events.bytesOf(chunk);
      try {
        const read = inSensor(await events.read(chunk), this.#parts.geometry);
        if ((read.events.t[0] ?? Infinity) < merger.lastTime("polarity")) {
          throw this.#file.fail(
            "damaged",
            "the times of a chunk begin before those of the last",
            events.addressOf(chunk),
          );
        }
        merger.addPolarity(read.events);
        outOfSensor += read.outOfSensor;
      } catch (error) {
        if ((error as NeuromorphicError).code !== "damaged") throw error;
        firstError ??= error;
        gaps.add(merger.lastTime("polarity"), { bytes: events.bytesOf(chunk) });
        continue;
      }
      const end = merger.lastTime("polarity");
      firstError ??= await triggers?.readUntil(end);
      for (const packet of merger.until(end)) yield item(packet);
    }
    firstError ??= await triggers?.readUntil(Infinity);
    for (const packet of merger.until(Infinity)) yield item(packet);
    if (bytes > 0 || !gaps.isEmpty) yield item(emptyPacket(), true);
    if (firstError !== undefined || truncated !== undefined) throw firstError ?? truncated;
    return undefined;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** The last chunk that begins before a time. One that is damaged is taken for an early one. */
  async #firstChunk(from: number): Promise<number> {
    const { events } = this.#parts;
    if (from === -Infinity) return 0;
    let [low, high] = [0, events.count];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const first = await events.read(middle).then(({ t }) => t[0] ?? -Infinity, () => -Infinity);
      if (first < from) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** Reads triggers as far as the events have come. */
class Triggers {
  readonly #chunks: TriggerChunks;
  readonly #merger: Merger;
  readonly #from: number;
  #next = 0;

  constructor(chunks: TriggerChunks, merger: Merger, from: number) {
    this.#chunks = chunks;
    this.#merger = merger;
    this.#from = from;
  }

  /** @returns What was wrong with the chunks that had to be read; those behind a damaged one are read all the same. */
  async readUntil(time: number): Promise<unknown> {
    let firstError: unknown;
    while (this.#next < this.#chunks.count && this.#merger.lastTime("trigger") <= time) {
      try {
        const rows = await this.#chunks.read(this.#next++, this.#merger.lastTime("trigger"));
        this.#merger.addTriggers(rows.filter(({ t }) => t >= this.#from));
      } catch (error) {
        if ((error as NeuromorphicError).code !== "damaged") throw error;
        firstError ??= error;
      }
    }
    return firstError;
  }
}
