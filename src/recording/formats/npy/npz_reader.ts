import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions, ReadItem } from "../../format.ts";
import { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource, SourceFiles } from "../../source.ts";
import { type ColumnKind, columnKindOf } from "../shared/column_names.ts";
import { Cursor } from "../shared/cursor.ts";
import { damaged } from "../shared/item_reader.ts";
import { Items } from "../shared/items.ts";
import type { TimeUnit } from "../shared/time_units.ts";
import { TriggerCursor } from "../shared/trigger_cursor.ts";
import { type ArrayHeader, takeArrayHeader } from "./array_header.ts";
import { copyColumn } from "./element_type.ts";
import { EventColumns, rowsAtATime } from "./event_columns.ts";
import { MemberSource, SharedSource } from "./member_source.ts";
import { recordsReader } from "./npy_reader.ts";
import { readZipDirectory, type ZipMember } from "./zip_directory.ts";

/** Opens a recording. */
export async function openNpzReader(
  { main }: SourceFiles,
  options: FormatReadOptions,
  timeUnit: TimeUnit | undefined,
): Promise<FormatReader> {
  try {
    const archive = new SharedSource(await inMemory(main));
    const members = new Map<string, ZipMember>();
    for (const member of await readZipDirectory(archive)) members.set(member.name.replace(/\.npy$/, ""), member);
    const geometry = options.geometry ?? await geometryOf(archive, members);
    const file: NpzFile = { archive, members, columns: columnsOf(members), geometry, timeUnit };
    const header = { members: [...members.keys()].join(",") };
    const close = () => main.close();
    if (file.columns !== undefined) {
      await new ColumnRows(file).open();
      return { geometry, header, close, read: (from = -Infinity) => itemsOfColumns(file, from) };
    }
    const records = await recordsOf(file);
    return { geometry, header, close, read: (from) => itemsOfRecords(file, records, from) };
  } catch (error) {
    await main.close();
    throw error;
  }
}

interface NpzFile {
  readonly archive: SharedSource;
  readonly members: ReadonlyMap<string, ZipMember>;
  /** The members of a file with one for each column. */
  readonly columns: Readonly<Record<ColumnKind, ZipMember>> | undefined;
  readonly geometry: Geometry | undefined;
  readonly timeUnit: TimeUnit | undefined;
}

/** A stream is kept in memory, as the directory of an archive is at its end. */
async function inMemory(source: ByteSource): Promise<ByteSource & { readonly size: number }> {
  const { name, size, isSeekable } = source;
  if (isSeekable && size !== undefined) return source as ByteSource & { readonly size: number };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let position = 0;
  for (let length = -1; length !== 0; position += length) {
    const part = (await source.read(position, 2 ** 20)).slice();
    length = part.length;
    parts.push(part);
  }
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return {
    name,
    size: bytes.length,
    isSeekable: true,
    read: (position, length) => Promise.resolve(bytes.subarray(position, position + length)),
    close: () => source.close(),
  };
}

function columnsOf(members: ReadonlyMap<string, ZipMember>): NpzFile["columns"] {
  const found: Partial<Record<ColumnKind, ZipMember>> = {};
  for (const [name, member] of members) {
    const kind = columnKindOf(name);
    if (kind !== undefined) found[kind] ??= member;
  }
  const { t, x, y, p } = found;
  return t && x && y && p ? { t, x, y, p } : undefined;
}

/** The size of the sensor, where two members tell. */
async function geometryOf(archive: ByteSource, members: NpzFile["members"]): Promise<Geometry | undefined> {
  const [width, height] = await Promise.all(["width", "height"].map(async (name) => {
    const member = members.get(name);
    const size = member && (await numbersOf(archive, member))[0];
    return size !== undefined && Number.isInteger(size) && size > 0 && size <= 65_536 ? size : undefined;
  }));
  return width === undefined || height === undefined ? undefined : { width, height };
}

/** All numbers of a member; none where it is no list of numbers. They are read in pieces: a damaged size must not cost memory. */
async function numbersOf(archive: ByteSource, member: ZipMember): Promise<Float64Array> {
  const source = new MemberSource(archive, member);
  try {
    const cursor = new Cursor(source);
    const { columns, recordBytes, count } = await takeArrayHeader(cursor);
    const column = columns.get("");
    const numbers: number[] = [];
    const piece = new Float64Array(rowsAtATime);
    while (column !== undefined && numbers.length < count) {
      const bytes = await cursor.peek(Math.min(rowsAtATime, count - numbers.length) * recordBytes);
      const length = Math.floor(bytes.length / recordBytes);
      if (length === 0) throw damaged(source, member.headerOffset, `truncated: ${member.name} ends too early`);
      copyColumn(bytes, column, length, piece);
      for (let i = 0; i < length; i++) numbers.push(piece[i]!);
      cursor.skip(length * recordBytes);
    }
    return Float64Array.from(numbers);
  } finally {
    await source.close();
  }
}

/** The member with records: `events`, or the only one that has t, x, y and p. */
async function recordsOf(file: NpzFile): Promise<ZipMember> {
  const { archive, members } = file;
  const names = [...members.keys()].sort((left, right) => Number(right === "events") - Number(left === "events"));
  const reasons: string[] = [];
  for (const name of names) {
    const source = new MemberSource(archive, members.get(name)!);
    try {
      await recordsReader(new Cursor(source), {}, file.timeUnit);
      return members.get(name)!;
    } catch (error) {
      reasons.push(`${name}: ${(error as Error).message}`);
    } finally {
      await source.close();
    }
  }
  const has = names.length === 0 ? "is an empty archive" : `no member has events; ${reasons[0]}`;
  throw recordingError("unsupported", has, { operation: "open", path: archive.name });
}

async function* itemsOfRecords(file: NpzFile, member: ZipMember, from?: number): AsyncGenerator<ReadItem, undefined> {
  const source = new MemberSource(file.archive, member);
  try {
    const reader = await recordsReader(new Cursor(source), { geometry: file.geometry }, file.timeUnit);
    for await (const item of reader.read(from)) yield item;
    await source.verify();
  } finally {
    await source.close();
  }
}

async function* itemsOfColumns(file: NpzFile, from: number): AsyncGenerator<ReadItem, undefined> {
  const rows = new ColumnRows(file);
  const triggers = new TriggerCursor(() => triggerReader(file));
  try {
    await rows.open();
    const items = new Items(rows.events, triggers, from);
    for (let isLast = false; !isLast;) {
      await rows.peek();
      items.attempt((builder) => rows.take(builder));
      isLast = rows.isAtEnd;
      yield* items.taken(isLast ? file.archive.size : rows.packedPosition);
    }
    yield* items.rest(file.archive.size);
    await rows.verify();
    triggers.throwFailure();
  } finally {
    await triggers.close();
    await rows.close();
  }
}

const kinds = ["t", "x", "y", "p"] as const;

/** The rows of four members, which are read at the same time. */
class ColumnRows {
  readonly #file: NpzFile;
  readonly #sources: Readonly<Record<ColumnKind, MemberSource>>;
  readonly #cursors: Readonly<Record<ColumnKind, Cursor>>;
  #headers!: Readonly<Record<ColumnKind, ArrayHeader>>;
  #bytes!: Readonly<Record<ColumnKind, Uint8Array>>;
  #left = 0;
  events!: EventColumns;

  constructor(file: NpzFile) {
    this.#file = file;
    this.#sources = each((kind) => new MemberSource(file.archive, file.columns![kind]));
    this.#cursors = each((kind) => new Cursor(this.#sources[kind]));
  }

  /** Takes the headers. */
  async open(): Promise<void> {
    const { archive: source, geometry, timeUnit, columns: members } = this.#file;
    const headers: Partial<Record<ColumnKind, ArrayHeader>> = {};
    for (const kind of kinds) headers[kind] = await takeArrayHeader(this.#cursors[kind]);
    this.#headers = headers as Record<ColumnKind, ArrayHeader>;
    const columns = each((kind) => {
      const { columns, count, description } = this.#headers[kind];
      const column = columns.get("");
      if (column === undefined) {
        const what = `${members![kind].name} is no list of numbers: ${description}`;
        throw recordingError("unsupported", what, { operation: "open", path: source.name });
      }
      if (count !== this.#headers.t.count) {
        const what = `${members![kind].name} has ${count} elements, and ${
          members!.t.name
        } has ${this.#headers.t.count}`;
        throw damaged(source, members![kind].headerOffset, what);
      }
      return column;
    });
    this.events = new EventColumns({ source, columns, geometry, timeUnit });
    this.#left = this.#headers.t.count;
  }

  get isAtEnd(): boolean {
    return this.#left === 0;
  }

  /** How many bytes of the archive were read. */
  get packedPosition(): number {
    return kinds.reduce((sum, kind) => sum + this.#sources[kind].packedPosition, 0);
  }

  /** Looks at the next rows. */
  async peek(): Promise<void> {
    const count = Math.min(rowsAtATime, this.#left);
    const bytes: Partial<Record<ColumnKind, Uint8Array>> = {};
    for (const kind of kinds) bytes[kind] = await this.#cursors[kind].peek(count * this.#headers[kind].recordBytes);
    this.#bytes = bytes as Record<ColumnKind, Uint8Array>;
  }

  /** Takes them. Where a member ends early, the rows before are taken, and then it is told. */
  take(builder: PacketBuilder): number {
    const { archive, columns: members } = this.#file;
    const wanted = Math.min(rowsAtATime, this.#left);
    const there = each((kind) => Math.floor(this.#bytes[kind].length / this.#headers[kind].recordBytes));
    const count = Math.min(...kinds.map((kind) => there[kind]));
    this.#left -= count;
    this.events.take(this.#bytes, count, builder, members!.t.headerOffset);
    for (const kind of kinds) this.#cursors[kind].skip(count * this.#headers[kind].recordBytes);
    const cut = kinds.find((kind) => there[kind] < wanted);
    if (cut !== undefined) {
      throw damaged(archive, members![cut].headerOffset, `truncated: ${members![cut].name} ends too early`);
    }
    return count;
  }

  /** Compares the checksums. */
  async verify(): Promise<void> {
    for (const kind of kinds) await this.#sources[kind].verify();
  }

  async close(): Promise<void> {
    for (const kind of kinds) await this.#sources[kind].close();
  }
}

function each<Value>(make: (kind: ColumnKind) => Value): Record<ColumnKind, Value> {
  return { t: make("t"), x: make("x"), y: make("y"), p: make("p") };
}

/** The triggers, as a recording of their own. They are few: all are read at once. */
async function triggerReader({ archive, members }: NpzFile): Promise<FormatReader | undefined> {
  const found = ["trigger_t", "trigger_id", "trigger_p"].map((name) => members.get(name));
  if (found.some((member) => member === undefined)) return undefined;
  const [t, id, edge] = await Promise.all(found.map((member) => numbersOf(archive, member!))) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { geometry: undefined, header: {}, read: () => triggerItems(t, id, edge), close: () => Promise.resolve() };
}

async function* triggerItems(
  t: Float64Array,
  id: Float64Array,
  edge: Float64Array,
): AsyncGenerator<ReadItem, undefined> {
  const builder = new PacketBuilder();
  const { trigger } = builder;
  let last = 0;
  for (let i = 0; i < t.length; i++) {
    last = Math.max(last, t[i]!);
    const at = builder.triggerCount++;
    trigger.t[at] = last;
    trigger.id[at] = id[i] ?? 0;
    trigger.edge[at] = Math.min(2, Math.max(0, edge[i] ?? 0));
    if (builder.isFull || i === t.length - 1) {
      yield { packet: builder.take(), bytes: 0, currentTime: last, gaps: [], outOfSensor: 0 };
    }
  }
}
