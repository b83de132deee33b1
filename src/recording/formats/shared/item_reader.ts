import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, ReadItem } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource } from "../../source.ts";
import { Cursor } from "./cursor.ts";
import { Items } from "./items.ts";
import { TriggerCursor } from "./trigger_cursor.ts";

/** Decodes the bytes of one file, piece by piece. */
export interface PieceDecoder {
  /** The time after what was decoded, in µs; undefined before the first one. */
  readonly currentTime: number | undefined;
  /** Events that were left out because they lie outside of the sensor. */
  readonly outOfSensor: number;
  /**
   * Decodes into a builder until it is full, or the bytes end, perhaps within a record.
   *
   * @param offset Where the bytes stand in the file, for errors.
   * @param isLast Whether the file ends with them.
   * @returns How many bytes were used: 0 for a record that goes on behind them.
   * @throws {NeuromorphicError} "damaged". What was decoded before stands in the builder.
   */
  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder, offset: number, isLast: boolean): number;
  /**
   * What is to be checked at the end of the file.
   *
   * @throws {NeuromorphicError} "damaged"
   */
  end?(offset: number): void;
}

/** What a format says of a file when its header was read. */
export interface OpenedFile {
  readonly geometry: Geometry | undefined;
  readonly header: Readonly<Record<string, string>>;
  /** Behind the header. */
  readonly cursor: Cursor;
  /** How many bytes are read at a time: a multiple of the size of a record, and larger than any. */
  readonly pieceBytes: number;
  readonly decoder: () => PieceDecoder;
  /** Opens the file with triggers that lies beside; undefined where there is none. */
  readonly triggers?: (() => Promise<FormatReader | undefined>) | undefined;
}

/** The largest piece below 2 MiB that ends with a record. */
export function pieceBytesFor(recordBytes: number): number {
  return Math.max(1, Math.floor(2 ** 21 / recordBytes)) * recordBytes;
}

/** A reader for files that are decoded piece by piece. */
export function itemReader(file: OpenedFile): FormatReader {
  const { source } = file.cursor;
  const start = file.cursor.position;
  let first: Cursor | undefined = file.cursor;
  return {
    geometry: file.geometry,
    header: file.header,
    read(from = -Infinity) {
      // Of a stream, the bytes behind the header are held by the cursor that read it.
      const cursor = first ?? new Cursor(source, start);
      first = undefined;
      return itemsOf(file, cursor, from);
    },
    close: () => source.close(),
  };
}

async function* itemsOf(file: OpenedFile, cursor: Cursor, from: number): AsyncGenerator<ReadItem, undefined> {
  const triggers = new TriggerCursor(file.triggers);
  const decoder = file.decoder();
  const items = new Items(decoder, triggers, from);
  try {
    for (let isLast = false; !isLast;) {
      const bytes = await cursor.peek(file.pieceBytes);
      isLast = bytes.length < file.pieceBytes;
      let used = 0;
      for (let isCut = false; used < bytes.length && !isCut;) {
        const count = items.attempt((builder) =>
          decoder.decode(bytes.subarray(used), builder, cursor.position + used, isLast)
        );
        isCut = count === 0 && !items.builder.isFull;
        used += count;
        yield* items.taken(cursor.position + used);
      }
      cursor.skip(used);
      if (isLast) {
        yield* items.rest(cursor.position);
        if (used < bytes.length) throw cut(cursor, bytes.length - used);
        decoder.end?.(cursor.position);
      } else if (used === 0) {
        throw damaged(cursor.source, cursor.position, `what begins here has no end within ${bytes.length} bytes`);
      }
    }
    triggers.throwFailure();
  } finally {
    await triggers.close();
  }
}

/** The error of a file that ends within a record. */
function cut(cursor: Cursor, left: number) {
  const there = left === 1 ? "1 byte is" : `${left} bytes are`;
  return damaged(cursor.source, cursor.position, `truncated: of the last record only ${there} there`);
}

/** The error of bytes that are not what the format says. */
export function damaged(source: Pick<ByteSource, "name">, offset: number, what: string) {
  return recordingError("damaged", what, { operation: "read", path: source.name, offset });
}
