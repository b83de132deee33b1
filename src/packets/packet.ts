import {
  type ImuEvents,
  imuEventsIn,
  type PolarityEvents,
  polarityEventsIn,
  type TriggerEvents,
  triggerEventsIn,
} from "./columns.ts";
import { type Frame, framesIn } from "./frames.ts";
import { type Counts, kindIndex, type KindName, kindNames } from "./kinds.ts";
import { clearRest, copyColumns, type Layout, layoutAt, layoutForCounts } from "./layout.ts";
import type { PacketMemory } from "./packet_memory.ts";

/**
 * Decoded events. A packet belongs to its holder: it is valid as long as it is held, also in an array of packets, or
 * while a write or a send of its columns is pending. No other packet has a part in its buffer, so
 * `postMessage(packet.polarityEvents, [packet.buffer])` moves this packet's events to a Worker and leaves all others. The
 * columns are what to post: how they lie in the buffer, and how many of its bytes they use, differs from packet to packet.
 *
 * With the option `reuseBuffers` a packet is valid until the next iteration of its source. Then its buffer is detached, so
 * that a packet kept by mistake reads as empty (every column has length 0) and never as other events.
 * {@link Packet.clone} keeps one. In a web page such a buffer may be the memory of a WebAssembly module, which cannot be
 * moved: `postMessage` with `[packet.buffer]` throws a DataCloneError, and without it copies all of that memory. Post a
 * clone.
 *
 * @example
 * ```ts
 * import { open } from "@neuromorphic/drivers";
 *
 * await using device = await open({ libusb: "virtual" });
 * for await (const { packet } of device) {
 *   if (packet?.polarityEvents === undefined) continue;
 *   const { t, x, y, on } = packet.polarityEvents;
 *   console.log(`first of ${t.length} events: (${x[0]}, ${y[0]}) ${on[0] ? "ON" : "OFF"} at ${t[0]} µs`);
 *   break;
 * }
 * ```
 */
export interface Packet {
  /** Pixel changes; absent when there are none. */
  readonly polarityEvents?: PolarityEvents;
  /** What trigger inputs saw; absent when there was nothing. */
  readonly triggerEvents?: TriggerEvents;
  /** Samples of the inertial measurement unit, from cameras that have one (none of those supported today). */
  readonly imuEvents?: ImuEvents;
  /** Whole pictures, from cameras that take them beside the events (none of those supported today). */
  readonly frames?: readonly Frame[];
  /** The one buffer behind all columns and pixels. It may have other bytes, which are not to be changed. */
  readonly buffer: ArrayBuffer;
  /** A copy with a buffer of its own, which stays valid: for packets whose buffers are reused, and to change one. */
  clone(): Packet;
}

/** The fields of a packet that hold events, and what makes them, by kind. `frames` holds what two kinds consist of. */
const fields = {
  polarityEvents: { kind: "polarity", viewsIn: polarityEventsIn },
  triggerEvents: { kind: "trigger", viewsIn: triggerEventsIn },
  imuEvents: { kind: "imu", viewsIn: imuEventsIn },
  frames: { kind: "frame", viewsIn: framesIn },
} as const satisfies { [Field in keyof Omit<Packet, "buffer" | "clone">]-?: FieldOf<Packet[Field]> };

interface FieldOf<Views> {
  readonly kind: KindName;
  readonly viewsIn: (buffer: ArrayBuffer, layout: Layout, count: number) => Views;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type EventField = keyof typeof fields;

const fieldNames = Object.keys(fields) as readonly EventField[];
const kindOfField: readonly number[] = fieldNames.map((field) => kindIndex[fields[field].kind]);
const viewsOfField = fieldNames.map((field) => fields[field].viewsIn);

/** A packet over columns. A class, so that `postMessage` and `structuredClone` take a whole packet: it has data only. */
class ColumnsPacket implements Packet {
  declare readonly polarityEvents?: PolarityEvents;
  declare readonly triggerEvents?: TriggerEvents;
  declare readonly imuEvents?: ImuEvents;
  declare readonly frames?: readonly Frame[];
  declare readonly buffer: ArrayBuffer;
  readonly #layout: Layout;
  readonly #counts: Counts;

  constructor(buffer: ArrayBuffer, layout: Layout, counts: Counts) {
    this.#layout = layout;
    this.#counts = counts;
    const packet = this as Writable<Record<EventField, unknown> & { buffer: ArrayBuffer }>;
    for (let field = 0; field < fieldNames.length; field++) {
      const count = counts[kindOfField[field]!]!;
      if (count > 0) packet[fieldNames[field]!] = viewsOfField[field]!(buffer, layout, count);
    }
    packet.buffer = buffer;
  }

  clone(): Packet {
    // One that was moved away, or kept too long, has nothing any more.
    if (this.buffer.byteLength === 0) return emptyPacket();
    const compact = layoutForCounts(this.#counts);
    return copyPacket(
      new Uint8Array(this.buffer),
      this.#layout,
      this.#counts,
      new ArrayBuffer(compact.byteLength),
      compact,
    );
  }
}

/** Makes a packet of the first events in the columns taken last, by the rule of its memory. */
export function packetFrom(
  memory: PacketMemory,
  columns: Uint8Array<ArrayBuffer>,
  layout: Layout,
  counts: Counts,
): Packet {
  if (isEmpty(counts)) return emptyPacket();
  const compact = layoutForCounts(counts);
  const own = memory.memoryFor(compact.byteLength);
  if (own !== undefined) return copyPacket(columns, layout, counts, own, compact);
  if (!memory.isZeroed) clearRest(columns.buffer, layout, counts);
  const { buffer, byteOffset } = columns;
  return new ColumnsPacket(buffer, byteOffset === 0 ? layout : layoutAt(layout, byteOffset), counts);
}

/** A packet of its own with a copy of the first events in a block: for what is not decoded by the native library. */
export function packetOf(block: ArrayBuffer, layout: Layout, counts: Counts): Packet {
  if (isEmpty(counts)) return emptyPacket();
  const compact = layoutForCounts(counts);
  return copyPacket(new Uint8Array(block), layout, counts, new ArrayBuffer(compact.byteLength), compact);
}

/** A packet over columns that no other packet has a part in: `layout` is the smallest one for the counts. */
export function packetOver(columns: ArrayBuffer, layout: Layout, counts: Counts): Packet {
  return new ColumnsPacket(columns, layout, counts);
}

/** Whether there is no event of any kind. */
function isEmpty(counts: Counts): boolean {
  for (let kind = 0; kind < counts.length; kind++) if (counts[kind] !== 0) return false;
  return true;
}

/** A packet in which nothing happened: all that a camera with a covered lens gives, so it is made in one step. */
export function emptyPacket(): Packet {
  return new ColumnsPacket(new ArrayBuffer(0), noLayout, noCounts);
}

const noCounts: Counts = kindNames.map(() => 0);
const noLayout: Layout = layoutForCounts(noCounts);

function copyPacket(columns: Uint8Array, layout: Layout, counts: Counts, copy: ArrayBuffer, compact: Layout): Packet {
  copyColumns(columns, layout, copy, compact, counts);
  clearRest(copy, compact, counts);
  return new ColumnsPacket(copy, compact, counts);
}
