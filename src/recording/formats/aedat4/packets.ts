/** What is in the packets of AEDAT 4, once unpacked. */

import { Malformed } from "../../codecs/malformed.ts";
import { exactI64, FlatTable, type FlatVector } from "../../flatbuffers/table.ts";
import type { ImuRow, TriggerRow } from "../../packet_of_parts.ts";
import type { PolarityEvents } from "../../../packets/columns.ts";
import type { Frame } from "../../../packets/frames.ts";
import type { FrameFormat } from "../../../packets/kinds.ts";
import type { Geometry } from "../../../types.ts";

/** Where the root table's offset stands: behind the length. */
const rootAt = 4;
const eventBytes = 16;
const standardGravity = 9.80665;
const radiansPerDegree = Math.PI / 180;

/** Events of a packet, and how many more lay outside of the sensor. */
export interface EventsInSensor {
  readonly events: PolarityEvents;
  readonly outOfSensor: number;
}

/**
 * The events of a packet, in columns. Where their times fall, or a polarity is none, the packet is damaged: so no event is
 * handed out of a packet whose rest is not sound.
 */
export function eventsOf(unpacked: Uint8Array, geometry: Geometry | undefined): EventsInSensor {
  const vector = FlatTable.root(unpacked, rootAt).vector(0, eventBytes) ?? { start: 0, length: 0 };
  const words = wordsOf(unpacked, vector);
  const { width, height } = geometry ?? { width: 32_768, height: 32_768 };
  const [t, on] = [new Float64Array(vector.length), new Uint8Array(vector.length)];
  const [x, y] = [new Uint16Array(vector.length), new Uint16Array(vector.length)];
  let [last, count] = [-Infinity, 0];
  for (let i = 0; i < vector.length; i++) {
    const time = (words[4 * i]! >>> 0) + words[4 * i + 1]! * 2 ** 32;
    if (!(time >= last) || !Number.isSafeInteger(time)) throw new Malformed(`event ${i} has t ${time}, after ${last}`);
    last = time;
    const polarity = words[4 * i + 3]! & 0xff;
    if (polarity > 1) throw new Malformed(`event ${i} has polarity ${polarity}`);
    const place = words[4 * i + 2]!;
    if ((place & 0xffff) >= width || (place >>> 16) >= height) continue;
    t[count] = time;
    x[count] = place & 0xffff;
    y[count] = place >>> 16;
    on[count++] = polarity;
  }
  return {
    events: { t: t.subarray(0, count), x: x.subarray(0, count), y: y.subarray(0, count), on: on.subarray(0, count) },
    outOfSensor: vector.length - count,
  };
}

/** The words of events: i64 time, i16 x and y, a byte of polarity and three of padding. */
function wordsOf(unpacked: Uint8Array, vector: FlatVector): Int32Array {
  const bytes = unpacked.subarray(vector.start, vector.start + vector.length * eventBytes);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, vector.length * (eventBytes / 4));
}

/** Edges by types of external inputs: 1 rises, 2 falls, 3 is a pulse. Resets, generators and frames are no inputs. */
const edgeOfType: Readonly<Record<number, number>> = { 1: 1, 2: 0, 3: 2 };

/** The triggers of external inputs. */
export function triggersOf(unpacked: Uint8Array): TriggerRow[] {
  const rows = [...FlatTable.root(unpacked, rootAt).tables(0)].flatMap((trigger) => {
    const edge = edgeOfType[trigger.i8(1)];
    return edge === undefined ? [] : [{ t: trigger.i64(0), id: 0, edge }];
  });
  return rising(rows, "trigger");
}

/** Samples of the IMU, in m/s² and rad/s. */
export function imuOf(unpacked: Uint8Array): ImuRow[] {
  const rows = [...FlatTable.root(unpacked, rootAt).tables(0)].map((sample): ImuRow => ({
    t: sample.i64(0),
    temperature: sample.f32(1),
    accelerometer: [
      sample.f32(2) * standardGravity,
      sample.f32(3) * standardGravity,
      sample.f32(4) * standardGravity,
    ],
    gyroscope: [
      sample.f32(5) * radiansPerDegree,
      sample.f32(6) * radiansPerDegree,
      sample.f32(7) * radiansPerDegree,
    ],
  }));
  return rising(rows, "sample");
}

function rising<Row extends { readonly t: number }>(rows: Row[], what: string): Row[] {
  for (let i = 1; i < rows.length; i++) {
    if (rows[i]!.t < rows[i - 1]!.t) throw new Malformed(`${what} ${i} has t ${rows[i]!.t}, after ${rows[i - 1]!.t}`);
  }
  return rows;
}

/** Frames' formats by OpenCV's numbers, as far as a packet can hold them. */
const formatOfType: Readonly<Record<number, FrameFormat>> = { 0: "gray8", 2: "gray16" };

/** The frame of a packet; undefined where it is in colours, which a packet cannot hold. */
export function frameOf(unpacked: Uint8Array): Frame | undefined {
  const frame = FlatTable.root(unpacked, rootAt);
  const format = formatOfType[frame.i8(5)];
  if (format === undefined) return undefined;
  const [width, height] = [frame.i16(6), frame.i16(7)];
  const vector = frame.vector(10, 1) ?? { start: 0, length: 0 };
  const bytesPerPixel = format === "gray8" ? 1 : 2;
  if (width < 0 || height < 0 || vector.length !== width * height * bytesPerPixel) {
    throw new Malformed(`a frame of ${width} x ${height} has ${vector.length} bytes of pixels`);
  }
  const orNaN = (field: number) => {
    const at = frame.position(field);
    return at === undefined ? NaN : exactI64(frame.view, at);
  };
  const t = frame.i64(0);
  const common = {
    t,
    startT: frame.i64(1, t),
    exposureStartT: orNaN(3),
    exposureEndT: orNaN(4),
    x: Math.max(0, frame.i16(8)),
    y: Math.max(0, frame.i16(9)),
    width,
    height,
  };
  const pixels = unpacked.slice(vector.start, vector.start + vector.length);
  return format === "gray8"
    ? { ...common, format, pixels }
    : { ...common, format, pixels: new Uint16Array(pixels.buffer) };
}
