import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { SourceFiles } from "../../source.ts";
import { Cursor } from "../shared/cursor.ts";
import { damaged, itemReader, pieceBytesFor, type PieceDecoder } from "../shared/item_reader.ts";
import type { TimeUnit } from "../shared/time_units.ts";
import { type ArrayHeader, eventColumnsOf, takeArrayHeader } from "./array_header.ts";
import { EventColumns, type EventColumnsOptions, rowsAtATime } from "./event_columns.ts";

/** Opens a recording. */
export async function openNpyReader(
  { main }: SourceFiles,
  options: FormatReadOptions,
  timeUnit: TimeUnit | undefined,
): Promise<FormatReader> {
  try {
    return await recordsReader(new Cursor(main), options, timeUnit);
  } catch (error) {
    await main.close();
    throw error;
  }
}

/** A reader of an array of records, whose header comes next. */
export async function recordsReader(
  cursor: Cursor,
  { geometry }: FormatReadOptions,
  timeUnit: TimeUnit | undefined,
): Promise<FormatReader> {
  const header = await takeArrayHeader(cursor);
  const columns = eventColumnsOf(header);
  if (columns === undefined) {
    throw recordingError("unsupported", `its records have no t, x, y and p: ${header.description}`, {
      operation: "open",
      path: cursor.source.name,
    });
  }
  const decoder = () => new RecordDecoder(header, { source: cursor.source, columns, geometry, timeUnit });
  decoder();
  return itemReader({
    geometry,
    header: { descr: header.description },
    cursor,
    pieceBytes: pieceBytesFor(header.recordBytes),
    decoder,
  });
}

class RecordDecoder implements PieceDecoder {
  readonly #header: ArrayHeader;
  readonly #source: EventColumnsOptions["source"];
  readonly #events: EventColumns;
  #left: number;

  constructor(header: ArrayHeader, options: EventColumnsOptions) {
    this.#header = header;
    this.#source = options.source;
    this.#events = new EventColumns(options);
    this.#left = header.count;
  }

  get currentTime(): number | undefined {
    return this.#events.currentTime;
  }

  get outOfSensor(): number {
    return this.#events.outOfSensor;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder, offset: number): number {
    const { recordBytes } = this.#header;
    // What stands behind the last record belongs to no event, and is passed over.
    if (this.#left === 0) return bytes.length;
    const room = builder.polarity.t.length - builder.polarityCount;
    const count = Math.min(Math.floor(bytes.length / recordBytes), this.#left, room, rowsAtATime);
    this.#left -= count;
    this.#events.take({ t: bytes, x: bytes, y: bytes, p: bytes }, count, builder, offset);
    return count * recordBytes;
  }

  end(offset: number): void {
    if (this.#left === 0) return;
    throw damaged(this.#source, offset, `truncated: ${this.#left} of ${this.#header.count} records are missing`);
  }
}
