/** Messages `event_camera_msgs/EventPacket` in CDR, the way in which ROS 2 writes fields. */

import type { PolarityEvents } from "../../../packets/columns.ts";
import type { Geometry } from "../../../types.ts";
import type { ByteWriter } from "../../byte_writer.ts";
import { Malformed } from "../../codecs/malformed.ts";
import type { TriggerRow } from "../../packet_of_parts.ts";

/** A message, with its events as they stand in it. */
export interface EventPacket extends Geometry {
  /** ROS time of the first event, in µs. */
  readonly stampUs: number;
  /** Counts messages, so a jump is a loss. */
  readonly sequence: number;
  /** What times of events are counted from, in ns; without a meaning in `evt3`. */
  readonly timeBase: bigint;
  /** How the events are encoded, for example `"evt3"` or `"mono"`. */
  readonly encoding: string;
  readonly events: Uint8Array;
}

/** What stands in front: little-endian CDR. */
const littleEndian = 1;
const encapsulationBytes = 4;
const decoder = new TextDecoder();

/** Reads a message. */
export function readEventPacket(data: Uint8Array): EventPacket {
  if (data.length < encapsulationBytes || data[0] !== 0) throw new Malformed("a message is no CDR");
  if (data[1] !== littleEndian) throw new Malformed("a message in big-endian CDR", "unsupported");
  // Fields are aligned from here on.
  const start = data.byteOffset + encapsulationBytes;
  const view = new DataView(data.buffer, start, data.length - encapsulationBytes);
  let at = 0;
  const field = (bytes: number) => {
    at = Math.ceil(at / bytes) * bytes + bytes;
    return at - bytes;
  };
  const u32 = () => view.getUint32(field(4), true);
  const u64 = () => view.getBigUint64(field(8), true);
  const sequence = () => {
    const length = u32();
    if (length > view.byteLength - at) throw new Malformed("a message ends in a field");
    at += length;
    return new Uint8Array(data.buffer, start + at - length, length);
  };
  const text = () => decoder.decode(sequence()).replace(/\0$/, "");
  const [seconds, nanoseconds] = [view.getInt32(field(4), true), u32()];
  text(); // frame_id
  const [height, width, count, timeBase, encoding] = [u32(), u32(), u64(), u64(), text()];
  const isBigEndian = view.getUint8(field(1)) !== 0;
  if (isBigEndian) throw new Malformed("a message with big-endian events", "unsupported");
  return {
    stampUs: seconds * 1e6 + Math.floor(nanoseconds / 1000),
    sequence: Number(count),
    timeBase,
    encoding,
    width,
    height,
    events: sequence(),
  };
}

/** Bytes of an event or a trigger in the encodings `mono` and `trigger`. */
export const wordBytes = 8;

/**
 * Words of 64 bits: ns since the base in bits 31:0, two numbers in 47:32 and 62:48, and one bit in 63. Times are whole µs:
 * what is smaller is cut off, as sensors count no less.
 */
function wordsOf({ events, timeBase }: EventPacket) {
  if (events.length % wordBytes !== 0) throw new Malformed(`a message has ${events.length} bytes of events`);
  const [base, rest] = [Number(timeBase / 1000n), Number(timeBase % 1000n)];
  if (!Number.isSafeInteger(base + 2 ** 32)) throw new Malformed(`the time ${timeBase} ns is too large`);
  const bytes = events.byteOffset % 4 === 0 ? events : events.slice();
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  return { words, count: bytes.length / wordBytes, base, rest };
}

/** Events in `mono`, in columns, and how many more lie outside of the sensor. */
export function monoEvents(packet: EventPacket, { width, height }: Geometry, lastTime: number) {
  const { words, count: length, base, rest } = wordsOf(packet);
  const t = new Float64Array(length);
  const [x, y, on] = [new Uint16Array(length), new Uint16Array(length), new Uint8Array(length)];
  let count = 0;
  let last = lastTime;
  for (let i = 0; i < length; i++) {
    const time = base + Math.floor((rest + words[2 * i]!) / 1000);
    if (time < last) throw new Malformed(`event ${i} has t ${time}, after ${last}`);
    last = time;
    const high = words[2 * i + 1]!;
    const [column, row] = [high & 0xffff, (high >>> 16) & 0x7fff];
    if (column >= width || row >= height) continue;
    t[count] = time;
    x[count] = column;
    y[count] = row;
    on[count++] = high >>> 31;
  }
  const events: PolarityEvents = {
    t: t.subarray(0, count),
    x: x.subarray(0, count),
    y: y.subarray(0, count),
    on: on.subarray(0, count),
  };
  return { events, outOfSensor: length - count };
}

/** Triggers in `trigger`. */
export function monoTriggers(packet: EventPacket, lastTime: number): TriggerRow[] {
  const { words, count, base, rest } = wordsOf(packet);
  const rows: TriggerRow[] = [];
  for (let i = 0; i < count; i++) {
    const t = base + Math.floor((rest + words[2 * i]!) / 1000);
    const last = rows.at(-1)?.t ?? lastTime;
    if (t < last) throw new Malformed(`trigger ${i} has t ${t}, after ${last}`);
    const high = words[2 * i + 1]!;
    const id = (high >>> 16) & 0x7fff;
    if (id > 255) throw new Malformed(`trigger ${i} has id ${id}`, "unsupported");
    rows.push({ t, id, edge: high >>> 31 });
  }
  return rows;
}

/** What a message that is written says beside its events. */
export interface EventPacketHead extends Geometry {
  /** Time of the first event in µs, which stands for the ROS time, too. */
  readonly t: number;
  readonly sequence: number;
  readonly encoding: string;
}

/** Appends a message up to its events, of which only the length stands there. The writer must be at a multiple of 8. */
export function writeEventPacketHead(writer: ByteWriter, head: EventPacketHead, eventBytes: number): void {
  const start = writer.length + encapsulationBytes;
  const align = (bytes: number) => writer.skip((bytes - (writer.length - start) % bytes) % bytes);
  const text = (value: string) => {
    align(4);
    writer.text(`${value}\0`);
  };
  for (const byte of [0, littleEndian, 0, 0]) writer.u8(byte);
  writer.u32(Math.floor(head.t / 1e6));
  writer.u32(head.t % 1e6 * 1000);
  text("event_camera");
  align(4);
  writer.u32(head.height);
  writer.u32(head.width);
  align(8);
  writer.i64(head.sequence);
  writer.u64(BigInt(head.t) * 1000n);
  text(head.encoding);
  writer.u8(0);
  align(4);
  writer.u32(eventBytes);
}
