import { version } from "../../../version.ts";
import { ByteWriter } from "../../byte_writer.ts";
import { crc32 } from "../../codecs/crc32.ts";
import { Lz4Packer } from "../../codecs/lz4_frame.ts";
import type { ByteSink } from "../../sink.ts";
import { magic, opcode } from "./container.ts";
import { typeDefinition, typeName } from "../ros/schema.ts";

/** A chunk is written when its messages have this many bytes. */
const chunkBytes = 1 << 20;
const schemaId = 1;

/** A chunk that was written, for the index at the end. */
interface ChunkEntry {
  readonly firstTime: bigint;
  readonly lastTime: bigint;
  readonly position: number;
  readonly length: number;
  /** Where the index of each channel's messages stands. */
  readonly indexes: ReadonlyMap<number, number>;
  readonly indexBytes: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

/** Writes the records of an MCAP file, with chunks in LZ4, indexes and checksums. Channels are numbered from 0. */
export class McapFileWriter {
  readonly #sink: ByteSink;
  readonly #topics: readonly string[];
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #packer = new Lz4Packer();
  readonly #chunk = new ByteWriter(chunkBytes + chunkBytes / 4);
  readonly #record = new ByteWriter();
  readonly #chunks: ChunkEntry[] = [];
  readonly #counts: number[];
  /** Messages of the chunk by channel: log times, and where they begin. */
  #index = new Map<number, { readonly time: bigint; readonly at: number }[]>();
  #firstTime = 0n;
  #lastTime = 0n;
  #crc = 0;
  #metadataPosition: { readonly at: number; readonly length: number } | undefined;

  constructor(sink: ByteSink, topics: readonly string[], metadata: Readonly<Record<string, string>>) {
    this.#sink = sink;
    this.#topics = topics;
    this.#metadata = metadata;
    this.#counts = topics.map(() => 0);
  }

  async begin(): Promise<void> {
    this.#record.append(magic);
    this.#add(opcode.header, () => {
      this.#record.text("ros2");
      this.#record.text(`neuromorphic-drivers ${version}`);
    });
    await this.#write();
    if (Object.keys(this.#metadata).length === 0) return;
    const at = this.#sink.position;
    this.#add(opcode.metadata, () => {
      this.#record.text("recording");
      this.#map(this.#metadata);
    });
    await this.#write();
    this.#metadataPosition = { at, length: this.#sink.position - at };
  }

  /** Begins a message; its content is appended to what this returns, and {@link endMessage} completes it. */
  beginMessage(channel: number, time: bigint): ByteWriter {
    const chunk = this.#chunk;
    if (this.#index.size === 0) {
      this.#firstTime = time;
      this.#lastTime = time;
      this.#addDescriptions(chunk);
    }
    const entries = this.#index.get(channel) ?? [];
    this.#index.set(channel, entries);
    entries.push({ time, at: chunk.length });
    if (time > this.#lastTime) this.#lastTime = time;
    if (time < this.#firstTime) this.#firstTime = time;
    chunk.u8(opcode.message);
    chunk.i64(0); // its length, once that is known
    chunk.u16(channel);
    chunk.u32(this.#counts[channel]!++);
    chunk.u64(time);
    chunk.u64(time);
    return chunk;
  }

  async endMessage(channel: number): Promise<void> {
    const { at } = this.#index.get(channel)!.at(-1)!;
    this.#chunk.setI64(at + 1, this.#chunk.length - at - 9);
    if (this.#chunk.length >= chunkBytes) await this.#writeChunk();
  }

  /** Writes what is left, indexes, and the end. */
  async end(): Promise<void> {
    if (this.#index.size > 0) await this.#writeChunk();
    const crc = this.#crc;
    this.#add(opcode.dataEnd, () => this.#record.u32(crc));
    await this.#write();
    const start = this.#sink.position;
    this.#crc = 0;
    this.#addDescriptions(this.#record);
    await this.#write();
    for (const entry of this.#chunks) this.#addChunkIndex(entry);
    this.#addStatistics();
    this.#addMetadataIndex();
    await this.#write();
    this.#record.u8(opcode.footer);
    this.#record.i64(20);
    this.#record.i64(start);
    this.#record.i64(0); // no offsets of groups
    this.#record.u32(crc32(this.#record.bytes, this.#crc));
    this.#record.append(magic);
    await this.#write();
  }

  /** Schema and channels: in each chunk, so that a reader may begin with any, and in the summary. */
  #addDescriptions(writer: ByteWriter): void {
    addRecord(writer, opcode.schema, () => {
      writer.u16(schemaId);
      writer.text(typeName);
      writer.text("ros2msg");
      writer.text(typeDefinition);
    });
    for (const [id, topic] of this.#topics.entries()) {
      addRecord(writer, opcode.channel, () => {
        writer.u16(id);
        writer.u16(schemaId);
        writer.text(topic);
        writer.text("cdr");
        writer.u32(0); // no metadata
      });
    }
  }

  async #writeChunk(): Promise<void> {
    const records = this.#chunk.bytes;
    const packed = this.#packer.pack(records);
    const [record, position] = [this.#record, this.#sink.position];
    this.#add(opcode.chunk, () => {
      record.u64(this.#firstTime);
      record.u64(this.#lastTime);
      record.i64(records.length);
      record.u32(crc32(records));
      record.text("lz4");
      record.i64(packed.length);
      record.append(packed);
    });
    await this.#write();
    const length = this.#sink.position - position;
    const indexes = new Map<number, number>();
    for (const [channel, entries] of this.#index) {
      indexes.set(channel, this.#sink.position);
      this.#add(opcode.messageIndex, () => {
        record.u16(channel);
        record.u32(16 * entries.length);
        for (const { time, at } of entries) {
          record.u64(time);
          record.i64(at);
        }
      });
      await this.#write();
    }
    this.#chunks.push({
      firstTime: this.#firstTime,
      lastTime: this.#lastTime,
      position,
      length,
      indexes,
      indexBytes: this.#sink.position - position - length,
      packedBytes: packed.length,
      bytes: records.length,
    });
    this.#index = new Map();
    this.#chunk.clear();
  }

  #addChunkIndex(entry: ChunkEntry): void {
    const record = this.#record;
    this.#add(opcode.chunkIndex, () => {
      record.u64(entry.firstTime);
      record.u64(entry.lastTime);
      record.i64(entry.position);
      record.i64(entry.length);
      record.u32(10 * entry.indexes.size);
      for (const [channel, position] of entry.indexes) {
        record.u16(channel);
        record.i64(position);
      }
      record.i64(entry.indexBytes);
      record.text("lz4");
      record.i64(entry.packedBytes);
      record.i64(entry.bytes);
    });
  }

  #addStatistics(): void {
    const record = this.#record;
    const used = [...this.#counts.entries()].filter(([, count]) => count > 0);
    this.#add(opcode.statistics, () => {
      record.i64(this.#counts.reduce((sum, count) => sum + count, 0));
      record.u16(1);
      record.u32(this.#topics.length);
      record.u32(0);
      record.u32(this.#metadataPosition === undefined ? 0 : 1);
      record.u32(this.#chunks.length);
      record.u64(this.#chunks.reduce((least, { firstTime }) => firstTime < least ? firstTime : least, this.#firstTime));
      record.u64(this.#chunks.reduce((most, { lastTime }) => lastTime > most ? lastTime : most, 0n));
      record.u32(10 * used.length);
      for (const [channel, count] of used) {
        record.u16(channel);
        record.i64(count);
      }
    });
  }

  #addMetadataIndex(): void {
    const place = this.#metadataPosition;
    if (place === undefined) return;
    this.#add(opcode.metadataIndex, () => {
      this.#record.i64(place.at);
      this.#record.i64(place.length);
      this.#record.text("recording");
    });
  }

  #map(entries: Readonly<Record<string, string>>): void {
    const at = this.#record.skip(4);
    for (const [key, value] of Object.entries(entries)) {
      this.#record.text(key);
      this.#record.text(value);
    }
    this.#record.setU32(at, this.#record.length - at - 4);
  }

  #add(code: number, write: () => void): void {
    addRecord(this.#record, code, write);
  }

  /** Writes the records that were gathered. */
  async #write(): Promise<void> {
    this.#crc = crc32(this.#record.bytes, this.#crc);
    await this.#sink.write(this.#record.bytes);
    this.#record.clear();
  }
}

function addRecord(writer: ByteWriter, code: number, write: () => void): void {
  writer.u8(code);
  const at = writer.skip(8);
  write();
  writer.setI64(at, writer.length - at - 8);
}
