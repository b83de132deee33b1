import { NeuromorphicError } from "../../../errors.ts";
import type { Geometry } from "../../../types.ts";
import { readingError } from "../../codecs/malformed.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions, ReadItem } from "../../format.ts";
import { SequentialReader } from "../../sequential_reader.ts";
import type { ByteSource } from "../../source.ts";
import { firstLine, isTable, packetHeaderBytes, unpack } from "./container.ts";
import { type Aedat4Header, readHeader } from "./header.ts";
import { PacketItems } from "./items.ts";
import { readingStart } from "./table.ts";

/** Opens a recording. Takes over the source, and closes it where it fails. */
export async function openAedat4(source: ByteSource, options: FormatReadOptions): Promise<FormatReader> {
  try {
    const cursor = new SequentialReader(source);
    await checkFirstLine(source, cursor);
    const header = await headerAt(source, cursor);
    return new Aedat4Reader(source, header, cursor.position, options.geometry ?? header.geometry);
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function checkFirstLine(source: ByteSource, cursor: SequentialReader): Promise<void> {
  const line = await cursor.take(firstLine.length);
  if (line.length === firstLine.length && firstLine.every((byte, index) => line[index] === byte)) return;
  const where = { operation: "open", path: source.name, offset: 0 };
  const text = String.fromCharCode(...line).trim();
  if (line.length === firstLine.length && /^#!AER-DAT\d\.[1-9]$/.test(text)) {
    throw recordingError("unsupported", `"${text}" is not AEDAT 4.0`, where);
  }
  throw recordingError("damaged", 'does not begin with "#!AER-DAT4.0" and a line end', where);
}

/** DV's headers have some kB. */
const largestHeader = 1 << 26;

async function headerAt(source: ByteSource, cursor: SequentialReader): Promise<Aedat4Header> {
  const where = { operation: "open", path: source.name, offset: cursor.position };
  const sizeBytes = await cursor.take(4);
  if (sizeBytes.length < 4) throw recordingError("damaged", "truncated: the file ends before its header", where);
  const size = new DataView(sizeBytes.buffer, sizeBytes.byteOffset).getUint32(0, true);
  const most = Math.min(cursor.left ?? Infinity, largestHeader);
  if (size > most) {
    throw recordingError("damaged", `truncated: the header should have ${size} bytes, and ${most} is the most`, where);
  }
  const bytes = await cursor.take(size);
  if (bytes.length < size) throw recordingError("damaged", "truncated: the file ends in its header", where);
  try {
    return readHeader(bytes);
  } catch (error) {
    throw readingError(error, "the header", where);
  }
}

/** A packet as it stands in the file, and where; or why there is none. */
type NextPacket =
  | { readonly kind: "packet"; readonly at: number; readonly stream: number; readonly payload: Uint8Array }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly error: unknown };

class Aedat4Reader implements FormatReader {
  readonly geometry: Geometry | undefined;
  readonly header: Readonly<Record<string, string>>;
  readonly #source: ByteSource;
  readonly #fileHeader: Aedat4Header;
  readonly #start: number;

  constructor(source: ByteSource, header: Aedat4Header, start: number, geometry: Geometry | undefined) {
    this.#source = source;
    this.#fileHeader = header;
    this.#start = start;
    this.geometry = geometry;
    this.header = header.attributes;
  }

  /** A packet that is damaged becomes a gap, and the first error is thrown at the end: those behind it are sound. */
  async *read(from?: number): AsyncGenerator<ReadItem, undefined> {
    const { streams, compression } = this.#fileHeader;
    const start = await readingStart(this.#source, this.#fileHeader, this.#start, from);
    const items = new PacketItems(this.geometry, streams, from === undefined ? 0 : start);
    const cursor = new SequentialReader(this.#source, start);
    let failure: unknown;
    for (;;) {
      const next = await this.#next(cursor);
      if (next.kind === "error") failure ??= next.error;
      if (next.kind !== "packet") break;
      const { at, stream, payload } = next;
      let isRead = false;
      try {
        isRead = items.reads(stream) && items.take(stream, unpack(payload, compression));
      } catch (error) {
        const where = { operation: "read", path: this.#source.name, offset: at };
        const reason = readingError(error, `the packet of stream ${stream} is damaged`, where);
        failure ??= reason;
        if (!(reason instanceof NeuromorphicError) || reason.code === "unsupported") break;
      }
      if (!isRead) items.lose(stream, cursor.position - at);
      yield* items.ready(cursor.position);
    }
    yield* items.rest(cursor.position);
    if (failure !== undefined) throw failure;
    return undefined;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** What comes next. An error of the file system is one of the file's end: what was read before it is handed out. */
  async #next(cursor: SequentialReader): Promise<NextPacket> {
    try {
      return await this.#packetAt(cursor);
    } catch (error) {
      return { kind: "error", error };
    }
  }

  async #packetAt(cursor: SequentialReader): Promise<NextPacket> {
    const { tablePosition, compression } = this.#fileHeader;
    const at = cursor.position;
    if (at === tablePosition) return { kind: "end" };
    const head = await cursor.peek(packetHeaderBytes);
    const fail = (what: string): NextPacket => ({
      kind: "error",
      error: recordingError("damaged", what, { operation: "read", path: this.#source.name, offset: at }),
    });
    if (head.length === 0) {
      return tablePosition === undefined
        ? { kind: "end" }
        : fail("truncated: the file ends before its table of packets");
    }
    if (head.length < packetHeaderBytes) return fail("truncated: the file ends in the header of a packet");
    const view = new DataView(head.buffer, head.byteOffset);
    const [stream, size] = [view.getInt32(0, true), view.getInt32(4, true)];
    // A table to which no right position leads, as it was copied or cut.
    if (isTable(await cursor.peek(12), compression)) return { kind: "end" };
    if (stream < 0 || size < 0) return fail(`damaged packet: stream ${stream}, ${size} bytes`);
    const most = Math.min(cursor.left ?? Infinity, size + packetHeaderBytes) - packetHeaderBytes;
    if (size > most) return fail(`truncated: a packet of ${size} bytes, of which ${most} are there`);
    cursor.position += packetHeaderBytes;
    const payload = await cursor.take(size);
    if (payload.length < size) {
      return fail(`truncated: a packet of ${size} bytes, of which ${payload.length} are there`);
    }
    return { kind: "packet", at, stream, payload };
  }
}
