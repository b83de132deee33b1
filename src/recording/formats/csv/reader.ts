import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource, SourceFiles } from "../../source.ts";
import { Cursor } from "../shared/cursor.ts";
import { dropOutside } from "../shared/drop_outside.ts";
import { damaged, itemReader, type PieceDecoder } from "../shared/item_reader.ts";
import { dialectOf } from "./dialect.ts";
import { type PlainLines, plainLinesOf } from "./plain_lines.ts";
import { type CsvOptions, triggerFileName } from "./format.ts";
import { columnIndex, RowParser } from "./row_parser.ts";

/** Opens a recording. */
export async function openCsvReader(
  files: SourceFiles,
  options: FormatReadOptions,
  dialect: CsvOptions = {},
): Promise<FormatReader> {
  try {
    return await open(files.main, options, dialect, async () => {
      const beside = await files.sibling(triggerFileName);
      return beside && await open(beside, {}, {}).catch(async (error) => {
        await beside.close();
        throw error;
      });
    });
  } catch (error) {
    await files.main.close();
    throw error;
  }
}

/** How many bytes are read at a time; a longer line is none. */
const pieceBytes = 2 ** 21;
/** How many bytes tell how a file is written. */
const headBytes = 2 ** 16;

async function open(
  source: ByteSource,
  options: FormatReadOptions,
  known: CsvOptions,
  triggers?: () => Promise<FormatReader | undefined>,
): Promise<FormatReader> {
  const cursor = new Cursor(source);
  const head = await cursor.peek(headBytes);
  if (head.length === 0) throw damaged(source, 0, "is empty");
  const order = head[0]! << 8 | head[1]!;
  if (order === 0xfffe || order === 0xfeff || head.includes(0)) {
    throw recordingError("unsupported", "its text is not UTF-8", { operation: "open", path: source.name });
  }
  const dialect = dialectOf(source, head, known);
  cursor.skip(dialect.start);
  const geometry = options.geometry ?? dialect.geometry;
  const hasTriggers = dialect.columns.includes("id");
  const parser = () => new RowParser(source, dialect);
  return itemReader({
    geometry,
    header: { columns: dialect.columns.join(","), timeUnit: dialect.timeUnit },
    cursor,
    pieceBytes,
    decoder: () =>
      hasTriggers ? new TriggerDecoder(parser()) : new EventDecoder(parser(), plainLinesOf(dialect), geometry),
    triggers: hasTriggers ? undefined : triggers,
  });
}

const lineFeed = 0x0a;

/** Whole lines of a piece; the last one of a file need not have an end. */
function wholeLines(bytes: Uint8Array<ArrayBuffer>, isLast: boolean): Uint8Array<ArrayBuffer> {
  if (!isLast || bytes.at(-1) === lineFeed) return bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1);
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  ended[bytes.length] = lineFeed;
  return ended;
}

class EventDecoder implements PieceDecoder {
  currentTime: number | undefined;
  outOfSensor = 0;
  readonly #parser: RowParser;
  readonly #plain: PlainLines | undefined;
  readonly #geometry: Geometry | undefined;

  constructor(parser: RowParser, plain: PlainLines | undefined, geometry: Geometry | undefined) {
    this.#parser = parser;
    this.#plain = plain;
    this.#geometry = geometry;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder, offset: number, isLast: boolean): number {
    const start = builder.polarityCount;
    try {
      return this.#takeLines(wholeLines(bytes, isLast), builder, offset, bytes.length);
    } finally {
      const geometry = this.#geometry;
      if (geometry !== undefined) this.outOfSensor += dropOutside(builder, start, geometry.width, geometry.height);
    }
  }

  #takeLines(lines: Uint8Array<ArrayBuffer>, builder: PacketBuilder, offset: number, length: number): number {
    const [parser, plain] = [this.#parser, this.#plain];
    const { values } = parser;
    const { t, x, y, on } = builder.polarity;
    let used = 0;
    while (used < lines.length && builder.polarityCount < t.length) {
      if (plain !== undefined) used = this.#takePlainLines(plain, lines, used, builder);
      if (used === lines.length || builder.polarityCount === t.length) break;
      used = parser.parse(lines, used, offset);
      if (!parser.hasValues) continue;
      this.currentTime = Math.max(this.currentTime ?? 0, values[columnIndex.t]!);
      const at = builder.polarityCount++;
      t[at] = this.currentTime;
      x[at] = values[columnIndex.x]!;
      y[at] = values[columnIndex.y]!;
      on[at] = values[columnIndex.p]! > 0 ? 1 : 0;
    }
    return Math.min(used, length);
  }

  #takePlainLines(plain: PlainLines, lines: Uint8Array<ArrayBuffer>, start: number, builder: PacketBuilder): number {
    const before = builder.polarityCount;
    plain.last = this.currentTime ?? 0;
    const used = plain.take(lines, start, builder);
    if (builder.polarityCount > before) this.currentTime = plain.last;
    this.#parser.line += builder.polarityCount - before;
    return used;
  }
}

class TriggerDecoder implements PieceDecoder {
  currentTime: number | undefined;
  readonly outOfSensor = 0;
  readonly #parser: RowParser;

  constructor(parser: RowParser) {
    this.#parser = parser;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder, offset: number, isLast: boolean): number {
    const lines = wholeLines(bytes, isLast);
    const { values } = this.#parser;
    const { t, id, edge } = builder.trigger;
    let used = 0;
    while (used < lines.length && builder.triggerCount < t.length) {
      used = this.#parser.parse(lines, used, offset);
      if (!this.#parser.hasValues) continue;
      this.currentTime = Math.max(this.currentTime ?? 0, values[columnIndex.t]!);
      const at = builder.triggerCount++;
      t[at] = this.currentTime;
      id[at] = values[columnIndex.id]!;
      edge[at] = Math.min(2, Math.max(0, values[columnIndex.p]!));
    }
    return Math.min(used, bytes.length);
  }
}
