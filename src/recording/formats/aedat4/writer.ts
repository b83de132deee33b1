import type { PolarityEvents, TriggerEvents } from "../../../packets/columns.ts";
import type { Packet } from "../../../packets/packet.ts";
import { ByteWriter } from "../../byte_writer.ts";
import { Lz4Packer } from "../../codecs/lz4_frame.ts";
import { i32, i64, i8, tables, text, writeFlatBuffer } from "../../flatbuffers/write.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import type { ByteSink } from "../../sink.ts";
import { LimitCheck } from "../shared/limits.ts";
import { beginVector, compressions, firstLine, identifiers, packetHeaderBytes, vectorStart } from "./container.ts";
import { aedat4 } from "./format.ts";
import { headerXml } from "./header.ts";
import { PacketTable } from "./table.ts";

/** Begins a recording. Takes over the sink, and aborts it where it fails. */
export async function writeAedat4(sink: ByteSink, options: FormatWriteOptions): Promise<FormatWriter> {
  try {
    const writer = new Aedat4Writer(sink, options);
    await writer.begin();
    return writer;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

/** Packets have the events of 10 ms, as those by DV, or this many. */
const [longestPacketUs, largestPacketEvents] = [10_000, 65_536];
const eventBytes = 16;
const streams = { events: 0, triggers: 1 };
/** Types of triggers by edges: falling, rising, pulse. */
const typeOfEdge = [2, 1, 3];

class Aedat4Writer implements FormatWriter {
  readonly #sink: ByteSink;
  readonly #xml: string;
  readonly #limits: LimitCheck;
  readonly #packer = new Lz4Packer();
  readonly #events = new ByteWriter(vectorStart + 1024 * eventBytes);
  readonly #scratch = new ByteWriter();
  readonly #head = new Uint8Array(packetHeaderBytes);
  readonly #table = new PacketTable();
  #eventCount = 0;
  #firstTime = 0;
  #lastTime = 0;
  readonly #triggers: { readonly t: number; readonly type: number }[] = [];

  constructor(sink: ByteSink, { geometry, header = {} }: FormatWriteOptions) {
    this.#sink = sink;
    const source = [header["sensor_name"], header["serial_number"]].filter((part) => part !== undefined).join("_");
    this.#xml = headerXml(geometry, source === "" ? "neuromorphic-drivers" : source);
    this.#limits = new LimitCheck(aedat4, { path: sink.name, geometry });
    this.#beginEvents();
  }

  async begin(): Promise<void> {
    await this.#sink.write(firstLine);
    await this.#sink.write(this.#fileHeader(-1));
  }

  async write(packet: Packet): Promise<void> {
    this.#limits.check(packet);
    if (packet.triggerEvents !== undefined) this.#addTriggers(packet.triggerEvents);
    if (packet.polarityEvents !== undefined) await this.#addEvents(packet.polarityEvents);
    const [first, last] = [this.#triggers[0]?.t, this.#triggers.at(-1)?.t];
    if (first !== undefined && last! - first >= longestPacketUs) await this.#flush(Infinity);
  }

  async close(): Promise<void> {
    try {
      await this.#flush(Infinity);
      // Into a stream no position can be written; readers then take the packets as they come.
      if (this.#sink.isSeekable) {
        const position = this.#sink.position;
        await this.#sink.write(this.#packer.pack(this.#table.bytes()));
        await this.#sink.writeAt(firstLine.length, this.#fileHeader(position));
      }
      await this.#sink.close();
    } catch (error) {
      await this.#sink.abort();
      throw error;
    }
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }

  #fileHeader(tablePosition: number): Uint8Array {
    this.#scratch.clear();
    const compression = i32(compressions.indexOf("LZ4"));
    writeFlatBuffer(this.#scratch, [compression, i64(tablePosition), text(this.#xml)], {
      sizePrefix: true,
      identifier: identifiers.header,
    });
    return this.#scratch.bytes;
  }

  #addTriggers({ t, edge }: TriggerEvents): void {
    for (let i = 0; i < t.length; i++) this.#triggers.push({ t: t[i]!, type: typeOfEdge[edge[i]!]! });
  }

  async #addEvents({ t, x, y, on }: PolarityEvents): Promise<void> {
    for (let from = 0; from < t.length;) {
      if (this.#eventCount === 0) this.#firstTime = t[from]!;
      let end = Math.min(t.length, from + largestPacketEvents - this.#eventCount);
      const limit = this.#firstTime + longestPacketUs;
      if (t[end - 1]! >= limit) end = firstAtLeast(t, limit, from, end);
      this.#append(t, x, y, on, from, end);
      from = end;
      if (from < t.length || this.#eventCount === largestPacketEvents) await this.#flush(this.#lastTime);
    }
  }

  #append(t: Float64Array, x: Uint16Array, y: Uint16Array, on: Uint8Array, from: number, end: number): void {
    const start = this.#events.skip((end - from) * eventBytes);
    const bytes = this.#events.bytes;
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + start, (end - from) * (eventBytes / 4));
    for (let i = from, at = 0; i < end; i++, at += 4) {
      const high = Math.floor(t[i]! / 2 ** 32);
      words[at] = t[i]! - high * 2 ** 32;
      words[at + 1] = high;
      words[at + 2] = x[i]! | (y[i]! << 16);
      words[at + 3] = on[i]!;
    }
    this.#eventCount += end - from;
    if (end > from) this.#lastTime = t[end - 1]!;
  }

  /** Writes the events that were gathered, then the triggers up to a time. */
  async #flush(triggersUntil: number): Promise<void> {
    if (this.#eventCount > 0) {
      this.#events.setU32(0, this.#events.length - 4);
      this.#events.setU32(vectorStart - 4, this.#eventCount);
      await this.#writePacket(streams.events, this.#events.bytes, this.#eventCount, this.#firstTime, this.#lastTime);
      this.#beginEvents();
    }
    const count = this.#triggers.findLastIndex(({ t }) => t <= triggersUntil) + 1;
    if (count > 0) {
      const triggers = this.#triggers.splice(0, count);
      this.#scratch.clear();
      const fields = triggers.map(({ t, type }) => [i64(t), i8(type)]);
      writeFlatBuffer(this.#scratch, [tables(fields)], { sizePrefix: true, identifier: identifiers.triggers });
      const [first, last] = [triggers[0]!.t, triggers.at(-1)!.t];
      await this.#writePacket(streams.triggers, this.#scratch.bytes, triggers.length, first, last);
    }
  }

  async #writePacket(stream: number, bytes: Uint8Array, elements: number, firstTime: number, lastTime: number) {
    const packed = this.#packer.pack(bytes);
    const view = new DataView(this.#head.buffer);
    view.setInt32(0, stream, true);
    view.setInt32(4, packed.length, true);
    await this.#sink.write(this.#head);
    this.#table.add({ position: this.#sink.position, stream, size: packed.length, elements, firstTime, lastTime });
    await this.#sink.write(packed);
  }

  #beginEvents(): void {
    beginVector(this.#events, identifiers.events);
    this.#eventCount = 0;
  }
}

/** The first index of times from a limit on. */
function firstAtLeast(t: Float64Array, limit: number, from: number, end: number): number {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
