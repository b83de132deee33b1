import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource, SourceFiles } from "../../source.ts";
import { alignedTo, Cursor } from "../shared/cursor.ts";
import { dropOutside } from "../shared/drop_outside.ts";
import { takeHeaderLines } from "../shared/header_text.ts";
import { damaged, itemReader, pieceBytesFor, type PieceDecoder } from "../shared/item_reader.ts";
import { WrappingClock } from "../shared/wrapping_clock.ts";
import { triggerFileName } from "./format.ts";

/** Opens a recording. */
export async function openDatReader(files: SourceFiles, options: FormatReadOptions): Promise<FormatReader> {
  try {
    return await open(files.main, options, async () => {
      const beside = await files.sibling(triggerFileName);
      return beside && await open(beside, {}).catch(async (error) => {
        await beside.close();
        throw error;
      });
    });
  } catch (error) {
    await files.main.close();
    throw error;
  }
}

const recordBytes = 8;

/** The types that are read; `flow` is known to be none of them. */
const types = { td: 0x00, cd: 0x0c, trigger: 0x0e, flow: 0x28 } as const;

async function open(
  source: ByteSource,
  options: FormatReadOptions,
  triggers?: () => Promise<FormatReader | undefined>,
): Promise<FormatReader> {
  const cursor = new Cursor(source);
  const header = await takeHeader(cursor);
  const offset = cursor.position;
  const [type, size] = await cursor.peek(2);
  if (size === undefined) throw damaged(source, offset, "truncated: type and size of the records are missing");
  if (type === types.flow) throw refused(source, "its records are optical flow, which is not read");
  if (type !== types.td && type !== types.cd && type !== types.trigger) {
    throw damaged(source, offset, `the records have the type ${type}, which does not exist`);
  }
  if (size !== recordBytes) throw damaged(source, offset + 1, `a record has ${size} bytes, and not ${recordBytes}`);
  cursor.skip(2);

  const start = Number(header.T0 ?? header.t0 ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) throw damaged(source, 0, `T0 is ${header.T0 ?? header.t0}`);
  const geometry = options.geometry ?? geometryOf(header);
  const isFirstVersion = (header.Version ?? header.version ?? "2").trim() === "1";
  const fields = isFirstVersion && type === types.td ? firstVersion : secondVersion;
  return itemReader({
    geometry,
    header,
    cursor,
    pieceBytes: pieceBytesFor(recordBytes),
    decoder: () => type === types.trigger ? new TriggerDecoder(start) : new EventDecoder(fields, geometry, start),
    triggers: type === types.trigger ? undefined : triggers,
  });
}

async function takeHeader(cursor: Cursor): Promise<Record<string, string>> {
  const isPercent = (byte: number) => byte === 0x25;
  const lines = await takeHeaderLines(cursor, isPercent, (line) => {
    if (line === "% end") return "end";
    return line.startsWith("% ") ? "header" : "data";
  });
  if (lines.length === 0) throw damaged(cursor.source, 0, "has no header: its first line does not begin with `% `");
  const header: Record<string, string> = {};
  for (const line of lines) {
    const [, key, value] = /^% *(\S+) *(.*)$/.exec(line) ?? [];
    if (key !== undefined && key !== "end") header[key] = value!;
  }
  const version = header.Version ?? header.version;
  if (version !== undefined && version.trim() !== "1" && version.trim() !== "2") {
    throw refused(cursor.source, `its version is ${version}, and 1 and 2 are read`);
  }
  return header;
}

function geometryOf(header: Readonly<Record<string, string>>): Geometry | undefined {
  const [width, height] = [Number(header.Width ?? header.width), Number(header.Height ?? header.height)];
  const isSize = (size: number) => Number.isInteger(size) && size > 0 && size <= 16_384;
  return isSize(width) && isSize(height) ? { width, height } : undefined;
}

function refused(source: ByteSource, what: string) {
  return recordingError("unsupported", what, { operation: "open", path: source.name });
}

/** Where the fields stand in the second half of a record. */
interface Fields {
  readonly xMask: number;
  readonly yShift: number;
  readonly yMask: number;
  readonly onShift: number;
}

const firstVersion: Fields = { xMask: 0x1ff, yShift: 9, yMask: 0xff, onShift: 17 };
const secondVersion: Fields = { xMask: 0x3fff, yShift: 14, yMask: 0x3fff, onShift: 28 };

class EventDecoder implements PieceDecoder {
  outOfSensor = 0;
  readonly #clock: WrappingClock;
  readonly #fields: Fields;
  readonly #width: number;
  readonly #height: number;

  constructor(fields: Fields, geometry: Geometry | undefined, start: number) {
    this.#clock = new WrappingClock(start);
    this.#fields = fields;
    this.#width = geometry?.width ?? 65_536;
    this.#height = geometry?.height ?? 65_536;
  }

  get currentTime(): number | undefined {
    return this.#clock.currentTime;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder): number {
    const { t, x, y, on } = builder.polarity;
    const { xMask, yShift, yMask, onShift } = this.#fields;
    const [right, bottom, clock] = [this.#width - 1, this.#height - 1, this.#clock];
    const words = wordsOf(bytes);
    // The fields are taken from signed words, which are cheaper.
    const fields = new Int32Array(words.buffer, words.byteOffset, words.length);
    const start = builder.polarityCount;
    const count = Math.min(words.length / 2, t.length - start);
    let { last, base } = clock;
    // Negative where an event is outside.
    let inside = 0;
    for (let i = 0, at = start; i < 2 * count; i += 2, at++) {
      const low = words[i]!;
      if (low < last) ({ last, base } = clock.fall(last, low));
      else last = low;
      const bits = fields[i + 1]!;
      const column = bits & xMask;
      const row = bits >>> yShift & yMask;
      inside |= right - column | bottom - row;
      t[at] = base + last;
      x[at] = column;
      y[at] = row;
      on[at] = bits >>> onShift & 1;
    }
    if (count > 0) clock.set(last);
    builder.polarityCount = start + count;
    if (inside < 0) this.outOfSensor += dropOutside(builder, start, this.#width, this.#height);
    return count * recordBytes;
  }
}

class TriggerDecoder implements PieceDecoder {
  readonly outOfSensor = 0;
  readonly #clock: WrappingClock;

  constructor(start: number) {
    this.#clock = new WrappingClock(start);
  }

  get currentTime(): number | undefined {
    return this.#clock.currentTime;
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder): number {
    const { t, id, edge } = builder.trigger;
    const words = wordsOf(bytes);
    let i = 0;
    for (; i < words.length && builder.triggerCount < t.length; i += 2) {
      const at = builder.triggerCount++;
      t[at] = this.#clock.next(words[i]!);
      id[at] = words[i + 1]! >>> 26;
      edge[at] = (words[i + 1]! & 0xf) === 0 ? 0 : 1;
    }
    return i * 4;
  }
}

/** The whole records of a piece, each as two words. */
function wordsOf(bytes: Uint8Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const aligned = alignedTo(4, bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, 2 * Math.floor(bytes.length / recordBytes));
}
