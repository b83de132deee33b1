/**
 * An index as a file beside its recording (`NAME.index`):
 *
 *     "NDINDEX1" | length of the facts u32 | CRC-32 of all that follows u32 | facts: JSON, padded with blanks to 8 bytes
 *     places: times f64 each | offsets f64 | events f64 | triggers: t f64 each | snapshots | triggers: id u8 | edge u8
 *
 * All numbers are little-endian. It is believed only where the facts are those of the recording as it is now.
 */

import { crc32 } from "../../codecs/crc32.ts";
import type { RawIndex } from "./raw_index.ts";

/** What an index belongs to: size, time and header of the file, and how it was decoded. */
export type IndexFacts = Readonly<Record<string, string | number | undefined>>;

/** The name of a recording's index. */
export function indexName(fileName: string): string {
  return `${fileName}.index`;
}

const mark = new TextEncoder().encode("NDINDEX1");
const headBytes = 16;

/** What else the facts tell: how long the tables are, and the first and the last time. */
interface Lengths {
  readonly places: number;
  readonly snapshotBytes: number;
  readonly triggers: number;
  readonly polarityEvents: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** The bytes of an index file. */
export function encodeIndex(
  { overview, polarityEvents, places }: RawIndex,
  facts: IndexFacts,
): Uint8Array<ArrayBuffer> {
  const { timeRange, triggers } = overview;
  const lengths: Lengths = {
    places: places.times.length,
    snapshotBytes: places.snapshotBytes,
    triggers: triggers.t.length,
    polarityEvents,
    first: timeRange?.first ?? null,
    last: timeRange?.last ?? null,
  };
  const text = JSON.stringify({ facts: comparable(facts), lengths });
  const json = new TextEncoder().encode(text.padEnd(text.length + 7, " "));
  const jsonBytes = json.length & ~7;
  const columns = [
    places.times,
    places.offsets,
    places.events,
    triggers.t,
    places.snapshots,
    triggers.id,
    triggers.edge,
  ];
  const bytes = new Uint8Array(headBytes + jsonBytes + columns.reduce((sum, { byteLength }) => sum + byteLength, 0));
  bytes.set(mark);
  bytes.set(json.subarray(0, jsonBytes), headBytes);
  let at = headBytes + jsonBytes;
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(8, jsonBytes, true);
  view.setUint32(12, crc32(bytes.subarray(headBytes)), true);
  return bytes;
}

/** The index in such bytes; undefined where they are no index, a damaged one, or that of another recording. */
export function decodeIndex(given: Uint8Array, facts: IndexFacts): RawIndex | undefined {
  const bytes = given.slice(); // columns begin at multiples of 8
  if (bytes.length < headBytes || mark.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer);
  const jsonBytes = view.getUint32(8, true);
  if (jsonBytes % 8 !== 0 || view.getUint32(12, true) !== crc32(bytes.subarray(headBytes))) return undefined;
  const told = JSON.parse(new TextDecoder().decode(bytes.subarray(headBytes, headBytes + jsonBytes)));
  if (JSON.stringify(told.facts) !== JSON.stringify(comparable(facts))) return undefined;
  const { places, snapshotBytes, triggers, polarityEvents, first, last } = told.lengths as Lengths;
  const expected = headBytes + jsonBytes + places * (24 + snapshotBytes) + triggers * 10;
  if (bytes.length !== expected) return undefined;
  let at = headBytes + jsonBytes;
  const take = <Column>(
    Type: new (buffer: ArrayBuffer, at: number, length: number) => Column,
    length: number,
    size = 1,
  ) => {
    const column = new Type(bytes.buffer, at, length);
    at += length * size;
    return column;
  };
  const times = take(Float64Array<ArrayBuffer>, places, 8);
  const offsets = take(Float64Array<ArrayBuffer>, places, 8);
  const events = take(Float64Array<ArrayBuffer>, places, 8);
  const t = take(Float64Array<ArrayBuffer>, triggers, 8);
  const snapshots = take(Uint8Array<ArrayBuffer>, places * snapshotBytes);
  const id = take(Uint8Array<ArrayBuffer>, triggers);
  const edge = take(Uint8Array<ArrayBuffer>, triggers);
  return {
    overview: { timeRange: first === null ? undefined : { first, last: last! }, triggers: { t, id, edge } },
    polarityEvents,
    places: { times, offsets, events, snapshots, snapshotBytes },
  };
}

/** As JSON brings them back. */
function comparable(facts: IndexFacts): IndexFacts {
  return JSON.parse(JSON.stringify(facts));
}
