import type { Geometry } from "../../../types.ts";
import { recordingError } from "../../errors.ts";
import type { FormatReader, FormatReadOptions } from "../../format.ts";
import type { PacketBuilder } from "../../packet_builder.ts";
import type { ByteSource, SourceFiles } from "../../source.ts";
import { Cursor } from "../shared/cursor.ts";
import { headerFields, takeHeaderLines } from "../shared/header_text.ts";
import { damaged, itemReader, type PieceDecoder } from "../shared/item_reader.ts";

/** Opens a recording. */
export async function openAedat3Reader({ main }: SourceFiles, options: FormatReadOptions): Promise<FormatReader> {
  try {
    const cursor = new Cursor(main);
    const header = await takeHeader(cursor);
    const { geometry } = options;
    return itemReader({
      geometry,
      header,
      cursor,
      pieceBytes: 2 ** 20,
      decoder: () => new PacketDecoder(main, geometry),
    });
  } catch (error) {
    await main.close();
    throw error;
  }
}

async function takeHeader(cursor: Cursor): Promise<Readonly<Record<string, string>>> {
  const { source } = cursor;
  const isHash = (byte: number) => byte === 0x23;
  const lines = await takeHeaderLines(cursor, isHash, (line) => line === "#!END-HEADER" ? "end" : "header");
  const refused = (what: string) => recordingError("unsupported", what, { operation: "open", path: source.name });
  const version = /^#!AER-DAT(\d.*)$/.exec(lines[0] ?? "")?.[1];
  if (version === undefined) throw damaged(source, 0, "does not begin with #!AER-DAT");
  if (version !== "3.1") throw refused(`its version is ${version}, and 3.1 is read`);
  if (lines.at(-1) !== "#!END-HEADER") throw damaged(source, cursor.position, "the header has no end");
  const header = headerFields(lines);
  if (header.Format !== undefined && header.Format !== "RAW") {
    throw refused(`its packets are packed as ${header.Format}`);
  }
  return header;
}

const packetHeaderBytes = 28;
const eventBytes = 8;
/** Larger packets are none: all sizes are numbers of 32 bits. */
const maximumPacketBytes = 2 ** 30;
const types = { special: 0, polarity: 1 } as const;

/** Which input and which edge a special event tells: rising, falling and pulse of inputs 0, 1 and 2. */
const inputs: Readonly<Record<number, readonly [id: number, edge: number]>> = {
  2: [0, 1],
  3: [0, 0],
  4: [0, 2],
  6: [1, 1],
  7: [1, 0],
  8: [1, 2],
  9: [2, 1],
  10: [2, 0],
  11: [2, 2],
};
const clockReset = 1;

class PacketDecoder implements PieceDecoder {
  outOfSensor = 0;
  readonly #source: ByteSource;
  readonly #width: number;
  readonly #height: number;
  /** The type of the packet that is being read. */
  #type: number = types.polarity;
  /** Events of it that are to come. */
  #left = 0;
  /** Bytes behind them that hold none. */
  #unused = 0;
  /** The clock's 31 bits have wrapped so often. */
  #overflow = 0;
  /** What is to be added to times since the clock's last reset. */
  #base = 0;
  #clock = 0;
  #wasReset = false;
  #eventTime: number | undefined;
  #triggerTime: number | undefined;

  constructor(source: ByteSource, geometry: Geometry | undefined) {
    this.#source = source;
    this.#width = geometry?.width ?? 65_536;
    this.#height = geometry?.height ?? 65_536;
  }

  get currentTime(): number | undefined {
    if (this.#eventTime === undefined) return this.#triggerTime;
    return Math.max(this.#eventTime, this.#triggerTime ?? 0);
  }

  decode(bytes: Uint8Array<ArrayBuffer>, builder: PacketBuilder, offset: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.length && !builder.isFull) {
      if (this.#left > 0) {
        const used = this.#takeEvents(view, at, builder);
        if (used === 0) break;
        at += used;
      } else if (this.#unused > 0) {
        const skipped = Math.min(this.#unused, bytes.length - at);
        this.#unused -= skipped;
        at += skipped;
      } else {
        if (at + packetHeaderBytes > bytes.length) break;
        this.#beginPacket(view, at, offset + at);
        at += packetHeaderBytes;
      }
    }
    return at;
  }

  end(offset: number): void {
    if (this.#left + this.#unused > 0) {
      throw damaged(this.#source, offset, "truncated: the last packet is not complete");
    }
  }

  #beginPacket(view: DataView, at: number, offset: number): void {
    const type = view.getInt16(at, true);
    const [size, timeOffset, overflow, capacity, count] = [4, 8, 12, 16, 20].map((field) =>
      view.getInt32(at + field, true)
    ) as [number, number, number, number, number];
    const hasEvents = type === types.special || type === types.polarity;
    const isRight = type >= 0 && size > 0 && capacity >= 0 && size * capacity <= maximumPacketBytes && count >= 0 &&
      count <= capacity && overflow >= 0 && (!hasEvents || size === eventBytes && timeOffset === 4);
    if (!isRight) {
      const what = `type ${type}, ${count} of ${capacity} events of ${size} bytes, overflow ${overflow}`;
      throw damaged(this.#source, offset, `a packet is damaged: ${what}`);
    }
    this.#type = type;
    this.#overflow = overflow;
    this.#left = hasEvents ? count : 0;
    this.#unused = (capacity - this.#left) * size;
  }

  /** Takes events of the packet, and returns how many bytes they have. */
  #takeEvents(view: DataView, start: number, builder: PacketBuilder): number {
    const there = Math.floor((view.byteLength - start) / eventBytes);
    const isPolarity = this.#type === types.polarity;
    const room = isPolarity
      ? builder.polarity.t.length - builder.polarityCount
      : builder.trigger.t.length - builder.triggerCount;
    const count = Math.min(this.#left, there, room);
    const end = start + count * eventBytes;
    for (let at = start; at < end; at += eventBytes) {
      const data = view.getUint32(at, true);
      // Bit 0 tells whether it is valid.
      if ((data & 1) === 0) continue;
      const time = this.#timeOf(view.getUint32(at + 4, true));
      if (isPolarity) this.#takePolarity(data, time, builder);
      else this.#takeSpecial(data, time, builder);
    }
    this.#left -= count;
    return end - start;
  }

  #timeOf(low: number): number {
    const clock = this.#overflow * 2 ** 31 + (low & 0x7fffffff);
    if (this.#wasReset && clock < this.#clock) {
      this.#base = this.currentTime ?? 0;
      this.#wasReset = false;
    }
    this.#clock = clock;
    return this.#base + clock;
  }

  #takePolarity(data: number, time: number, builder: PacketBuilder): void {
    if (!(this.#eventTime! >= time)) this.#eventTime = time;
    const [x, y] = [data >>> 17, data >>> 2 & 0x7fff];
    if (x >= this.#width || y >= this.#height) {
      this.outOfSensor += 1;
      return;
    }
    const { polarity } = builder;
    const at = builder.polarityCount++;
    polarity.t[at] = this.#eventTime!;
    polarity.x[at] = x;
    polarity.y[at] = y;
    polarity.on[at] = data >>> 1 & 1;
  }

  #takeSpecial(data: number, time: number, builder: PacketBuilder): void {
    const type = data >>> 1 & 0x7f;
    if (type === clockReset) this.#wasReset = true;
    const input = inputs[type];
    if (input === undefined) return;
    if (!(this.#triggerTime! >= time)) this.#triggerTime = time;
    const { trigger } = builder;
    const at = builder.triggerCount++;
    trigger.t[at] = this.#triggerTime!;
    [trigger.id[at], trigger.edge[at]] = input;
  }
}
