import { NeuromorphicError } from "../../../errors.ts";
import { crc32 } from "../../codecs/crc32.ts";
import { unpackLz4 } from "../../codecs/lz4_frame.ts";
import { Malformed, readingError } from "../../codecs/malformed.ts";
import { unpackZstandard } from "../../codecs/zstandard.ts";
import { recordingError } from "../../errors.ts";
import { SequentialReader } from "../../sequential_reader.ts";
import type { ByteSource } from "../../source.ts";
import { type Channel, type Found, isEventPacket, type MessageWalk } from "../ros/messages.ts";
import { Fields, magic, opcode, recordHeaderBytes } from "./container.ts";

/** A chunk of a recorder has some MB. */
const largestRecord = 1 << 30;
const passedAtATime = 1 << 18;

/** Walks through the records of a file in their order, with chunks unpacked. */
export class McapMessages implements MessageWalk {
  readonly #source: ByteSource;
  readonly #cursor: SequentialReader;
  readonly #schemas = new Map<number, string>();
  readonly #channels = new Map<number, Channel>();
  /** Of all bytes so far. */
  #crc = 0;
  /** What metadata records say, by their names and keys. */
  readonly metadata: Record<string, string> = {};

  constructor(source: ByteSource) {
    this.#source = source;
    this.#cursor = new SequentialReader(source);
  }

  /** Up to where the file was read. */
  get position(): number {
    return this.#cursor.position;
  }

  async *walk(): AsyncGenerator<Found, undefined> {
    await this.#checkMagic();
    for (;;) {
      const at = this.#cursor.position;
      const head = (await this.#cursor.peek(recordHeaderBytes)).slice();
      if (head.length < recordHeaderBytes) return yield this.#end(at, "truncated: the file has no end record");
      const code = head[0]!;
      const length = new Fields(head.subarray(1)).u64();
      if (length > (this.#cursor.left ?? Infinity) - recordHeaderBytes) {
        return yield this.#end(at, `truncated: a record of ${length} bytes goes beyond the file`);
      }
      if (code === opcode.dataEnd || code === opcode.footer) {
        if (code === opcode.footer) return yield this.#end(at, "the record that ends the data is missing");
        return yield { kind: "end", error: await this.#checkData(at) };
      }
      const isRead = code === opcode.schema || code === opcode.channel || code === opcode.message ||
        code === opcode.chunk || code === opcode.metadata;
      if (!isRead) {
        if (!await this.#pass(recordHeaderBytes + length)) {
          return yield this.#end(at, "truncated: the file ends in a record");
        }
        continue;
      }
      if (length > largestRecord) return yield this.#end(at, `a record has ${length} bytes`);
      const record = await this.#cursor.take(recordHeaderBytes + length);
      if (record.length < recordHeaderBytes + length) {
        return yield this.#end(at, "truncated: the file ends in a record");
      }
      this.#crc = crc32(record, this.#crc);
      const content = record.subarray(recordHeaderBytes);
      try {
        if (code === opcode.chunk) yield* this.#chunk(content, at);
        else yield* this.#record(code, content, at);
      } catch (error) {
        const reason = this.#reason(error, code === opcode.chunk ? "a chunk" : "a record", at);
        if (reason.code === "unsupported") throw reason;
        yield { kind: "lost", bytes: record.length, error: reason };
      }
    }
  }

  async #checkMagic(): Promise<void> {
    const bytes = await this.#cursor.take(magic.length);
    if (!magic.every((byte, index) => bytes[index] === byte)) {
      const where = { operation: "open", path: this.#source.name, offset: 0 };
      throw bytes.length === magic.length && magic.every((byte, index) => index === 5 || bytes[index] === byte)
        ? recordingError("unsupported", `MCAP of version ${String.fromCharCode(bytes[5]!)}, and 0 is known`, where)
        : recordingError("damaged", "does not begin as an MCAP file does", where);
    }
    this.#crc = crc32(bytes);
  }

  /** The records of a chunk; none where it is damaged. */
  *#chunk(content: Uint8Array, at: number): Generator<Found> {
    const fields = new Fields(content);
    fields.bytes(16); // times of its messages
    const [size, crc, compression] = [fields.u64(), fields.u32(), fields.text()];
    const records = unpacked(fields.bytes(fields.u64()), compression, Math.min(size, largestRecord));
    if (records.length !== size) throw new Malformed(`it unpacks to ${records.length} bytes of ${size}`);
    if (crc !== 0 && crc32(records) !== crc) throw new Malformed("it has another checksum");
    for (let from = 0; from < records.length;) {
      const head = new Fields(records.subarray(from + 1, from + recordHeaderBytes));
      const length = head.u64();
      const start = from + recordHeaderBytes;
      if (length > records.length - start) throw new Malformed("a record goes beyond it");
      yield* this.#record(records[from]!, records.subarray(start, start + length), at);
      from = start + length;
    }
  }

  *#record(code: number, content: Uint8Array, position: number): Generator<Found> {
    const fields = new Fields(content);
    switch (code) {
      case opcode.schema:
        this.#schemas.set(fields.u16(), fields.text());
        return;
      case opcode.channel:
        return this.#addChannel(fields, position);
      case opcode.metadata: {
        const name = fields.text();
        for (const [key, value] of Object.entries(fields.map())) this.metadata[`${name}/${key}`] = value;
        return;
      }
      case opcode.message: {
        const channel = this.#channels.get(fields.u16());
        if (channel === undefined) return;
        fields.bytes(20); // sequence, log and publish time
        yield { kind: "message", channel, data: fields.rest(), position };
      }
    }
  }

  #addChannel(fields: Fields, position: number): void {
    const [id, schema, topic, encoding] = [fields.u16(), fields.u16(), fields.text(), fields.text()];
    if (!isEventPacket(this.#schemas.get(schema))) return;
    if (encoding !== "cdr") {
      throw recordingError("unsupported", `topic ${topic} has messages in "${encoding}", and "cdr" is known`, {
        operation: "read",
        path: this.#source.name,
        offset: position,
      });
    }
    if (!this.#channels.has(id)) this.#channels.set(id, { id, topic });
  }

  /** Goes over bytes that are of no interest but for the checksum. */
  async #pass(length: number): Promise<boolean> {
    for (let left = length; left > 0;) {
      const bytes = await this.#cursor.take(Math.min(left, passedAtATime));
      if (bytes.length === 0) return false;
      this.#crc = crc32(bytes, this.#crc);
      left -= bytes.length;
    }
    return true;
  }

  /** Compares the checksum of all bytes with that at the end, if there is one. */
  async #checkData(at: number): Promise<NeuromorphicError | undefined> {
    const record = await this.#cursor.take(recordHeaderBytes + 4);
    if (record.length < recordHeaderBytes + 4) return this.#error("truncated: the file ends in its end record", at);
    const crc = new Fields(record.subarray(recordHeaderBytes)).u32();
    return crc !== 0 && crc !== this.#crc ? this.#error("the file has another checksum than it says", at) : undefined;
  }

  #end(at: number, what: string): Found {
    return { kind: "end", error: this.#error(what, at) };
  }

  #error(what: string, offset: number): NeuromorphicError {
    return recordingError("damaged", what, { operation: "read", path: this.#source.name, offset });
  }

  #reason(error: unknown, part: string, offset: number): NeuromorphicError {
    const reason = readingError(error, `${part} is damaged`, { operation: "read", path: this.#source.name, offset });
    if (reason instanceof NeuromorphicError) return reason;
    throw reason;
  }
}

function unpacked(bytes: Uint8Array, compression: string, size: number): Uint8Array {
  switch (compression) {
    case "":
      return bytes;
    case "lz4":
      return unpackLz4(bytes, size);
    case "zstd":
      return unpackZstandard(bytes, size);
    default:
      throw new Malformed(`it is packed with "${compression}"`, "unsupported");
  }
}
