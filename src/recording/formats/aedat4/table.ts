import { ByteWriter } from "../../byte_writer.ts";
import { FlatTable } from "../../flatbuffers/table.ts";
import type { ByteSource } from "../../source.ts";
import { beginVector, identifiers, packetHeaderBytes, unpack, vectorStart } from "./container.ts";
import type { Aedat4Header } from "./header.ts";

/** A packet of the file, as the table at its end lists it. */
export interface PacketEntry {
  /** Where its payload begins, behind stream and size. */
  readonly position: number;
  readonly stream: number;
  readonly size: number;
  readonly elements: number;
  readonly firstTime: number;
  readonly lastTime: number;
}

/** The table of a recording of a day has some 30 MB. */
const largestTable = 1 << 28;

/**
 * Where to begin reading for events from a time on: at the first packet that has one, if the table tells, or else at the
 * first packet of all. A table that is missing, cut or wrong only costs time.
 */
export async function readingStart(
  source: ByteSource,
  header: Aedat4Header,
  start: number,
  from: number | undefined,
): Promise<number> {
  const { tablePosition } = header;
  const { size, isSeekable } = source;
  if (from === undefined || tablePosition === undefined || size === undefined || !isSeekable) return start;
  if (tablePosition < start || tablePosition >= size || size - tablePosition > largestTable) return start;
  const bytes = (await source.read(tablePosition, size - tablePosition)).slice();
  const entry = firstFrom(bytes, header, from);
  if (entry === undefined) return start;
  const at = entry.position - packetHeaderBytes;
  if (at < start || at >= tablePosition) return start;
  const head = await source.read(at, packetHeaderBytes);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isPacket = head.length === packetHeaderBytes && view.getInt32(0, true) === entry.stream &&
    view.getInt32(4, true) === entry.size;
  return isPacket ? at : start;
}

/** The entry that stands first in the file of those that end at or after a time. */
function firstFrom(bytes: Uint8Array, header: Aedat4Header, from: number): PacketEntry | undefined {
  let first: PacketEntry | undefined;
  try {
    for (const table of FlatTable.root(unpack(bytes, header.compression), 4).tables(0)) {
      if (table.i64(4) < from) continue;
      const position = table.i64(0);
      if (first !== undefined && position >= first.position) continue;
      const info = table.position(1)!;
      first = {
        position,
        stream: table.view.getInt32(info, true),
        size: table.view.getInt32(info + 4, true),
        elements: table.i64(2),
        firstTime: table.i64(3),
        lastTime: table.i64(4),
      };
    }
    return first;
  } catch {
    return undefined;
  }
}

/** An entry in the table: padding, offset of the vtable, position i64, stream and size, three numbers of 64 bits. */
const entryBytes = 48;
/** Its vtable: the lengths of both, and where each of the five fields stands behind the offset of the vtable. */
const entryVtable = [14, 44, 4, 12, 20, 28, 36];

/**
 * Gathers the table that is written at the end: 52 bytes for each packet, so that a recording of an hour needs 20 MB and
 * not an object for each.
 */
export class PacketTable {
  readonly #entries = new ByteWriter(1 << 14);
  #count = 0;

  add({ position, stream, size, elements, firstTime, lastTime }: PacketEntry): void {
    const entries = this.#entries;
    entries.skip(8);
    entries.i64(position);
    entries.u32(stream);
    entries.u32(size);
    for (const number of [elements, firstTime, lastTime]) entries.i64(number);
    this.#count++;
  }

  /** The FlatBuffer with all entries, behind its length. */
  bytes(): Uint8Array {
    const count = this.#count;
    const table = new ByteWriter(vectorStart + 4 * count + 32 + entryBytes * count);
    beginVector(table, identifiers.table);
    table.setU32(vectorStart - 4, count);
    const offsets = table.skip(4 * count);
    const vtable = table.length;
    for (const word of entryVtable) table.u16(word);
    table.align(8);
    const first = table.length + 4;
    table.append(this.#entries.bytes);
    for (let i = 0; i < count; i++) {
      const at = first + entryBytes * i;
      table.setU32(at, at - vtable);
      table.setU32(offsets + 4 * i, at - (offsets + 4 * i));
    }
    table.setU32(0, table.length - 4);
    return table.bytes;
  }
}
