import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { SourceFiles } from "../../source.ts";
import { Cursor } from "../shared/cursor.ts";
import { dropOutside } from "../shared/drop_outside.ts";
import { startsWith } from "../shared/starts_with.ts";
import { damaged, itemReader, type PieceDecoder } from "../shared/item_reader.ts";
import { magic } from "./format.ts";

const headerBytes = 20;
const pieceBytes = 2 ** 20;
const types = ["generic", "dvs", "atis", undefined, "color"] as const;

/** Opens a recording. */
export async function openEsReader({ main }: SourceFiles, options: FormatReadOptions): Promise<FormatReader> {
  try {
    const cursor = new Cursor(main);
    const { type, version, geometry: size } = await takeHeader(cursor);
    const geometry = options.geometry ?? size;
    return itemReader({
      geometry,
      header: { version, type, width: `${size.width}`, height: `${size.height}` },
      cursor,
      pieceBytes,
      // Rows are counted from the bottom of the file's sensor, whatever size the program knows.
      decoder: () => new EventDecoder(codings[type], size.height - 1, geometry),
    });
  } catch (error) {
    await main.close();
    throw error;
  }
}

async function takeHeader(cursor: Cursor) {
  const { source } = cursor;
  const head = await cursor.peek(headerBytes);
  if (!startsWith(head, magic)) throw damaged(source, 0, `does not begin with "${magic}"`);
  if (head.length < 16) throw damaged(source, head.length, "truncated: the header has no end");
  const version = head.subarray(12, 15).join(".");
  if (head[12] !== 2) throw refused(source.name, `its version is ${version}, and 2 is read`);
  const type = types[head[15]!];
  if (type === undefined) throw damaged(source, 15, `its type is ${head[15]}, which does not exist`);
  if (type === "generic" || type === "color") throw refused(source.name, `its ${type} events have no polarity`);
  if (head.length < headerBytes) throw damaged(source, head.length, "truncated: the header has no end");
  const geometry = { width: head[16]! | head[17]! << 8, height: head[18]! | head[19]! << 8 };
  if (geometry.width === 0 || geometry.height === 0) {
    throw damaged(source, 16, `its sensor is ${geometry.width} x ${geometry.height}`);
  }
  cursor.skip(headerBytes);
  return { type, version, geometry };
}

function refused(path: string, what: string) {
  return recordingError("unsupported", what, { operation: "open", path });
}

/** How the first byte of an event is read. */
interface Coding {
  /** From here on, it is a pause without an event. */
  readonly firstPause: number;
  /** How many µs it lasts, by the byte. */
  readonly pauses: readonly number[];
  /** Where the difference of the times begins. */
  readonly shift: number;
  /** Which bit tells that the pixel became brighter. */
  readonly onBit: number;
  /** Which bit tells that it is no change; 0 where all are changes. */
  readonly otherBit: number;
}

const codings: Readonly<Record<"dvs" | "atis", Coding>> = {
  // 0xfe is reserved, and adds nothing.
  dvs: { firstPause: 0xfe, pauses: [0, 127], shift: 1, onBit: 0, otherBit: 0 },
  // Bit 0 tells a measurement of the exposure.
  atis: { firstPause: 0xfc, pauses: [0, 63, 126, 189], shift: 2, onBit: 1, otherBit: 1 },
};

class EventDecoder implements PieceDecoder {
  outOfSensor = 0;
  readonly #coding: Coding;
  readonly #lowestRow: number;
  readonly #width: number;
  readonly #height: number;
  #time = 0;

  constructor(coding: Coding, lowestRow: number, { width, height }: Geometry) {
    this.#coding = coding;
    this.#lowestRow = lowestRow;
    this.#width = width;
    this.#height = height;
  }

  get currentTime(): number {
    return this.#time;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder): number {
    const { t, x, y, on } = builder.polarity;
    const { firstPause, pauses, shift, onBit, otherBit } = this.#coding;
    const [right, bottom, lowestRow, end] = [this.#width - 1, this.#height - 1, this.#lowestRow, bytes.length];
    const start = builder.polarityCount;
    let time = this.#time;
    let at = start;
    let i = 0;
    // Negative where an event is outside.
    let inside = 0;
    while (i < end && at < t.length) {
      const first = bytes[i]!;
      if (first >= firstPause) {
        time += pauses[first - firstPause]!;
        i += 1;
        continue;
      }
      if (i + 5 > end) break;
      time += first >> shift;
      const column = bytes[i + 1]! | bytes[i + 2]! << 8;
      const row = lowestRow - (bytes[i + 3]! | bytes[i + 4]! << 8);
      i += 5;
      if ((first & otherBit) !== 0) continue;
      inside |= right - column | bottom - row | row;
      t[at] = time;
      x[at] = column;
      // A row below the lowest becomes one far above the sensor.
      y[at] = row;
      on[at] = first >> onBit & 1;
      at += 1;
    }
    builder.polarityCount = at;
    this.#time = time;
    if (inside < 0) {
      this.outOfSensor += dropOutside(builder, start, this.#width, Math.min(this.#height, lowestRow + 1));
    }
    return i;
  }
}
