import { type Capacity, type Counts, type Element, elementArrays, type KindName, kindNames, kinds } from "./kinds.ts";

/**
 * Where the columns of a packet lie in its buffer: kind after kind, each with its columns one after the other.
 * As capacities are multiples of 8, every column of any element type begins at a multiple of 8 bytes.
 *
 *     t f64 × P | x u16 × P | y u16 × P | on u8 × P | trigger t f64 × T | id u8 × T | edge u8 × T | …
 */
export interface Layout {
  /** Room by kind, in the order of the kinds. */
  readonly capacities: readonly number[];
  /** Offset in bytes at which each kind's columns begin. */
  readonly starts: readonly number[];
  /** Bytes of all columns. */
  readonly byteLength: number;
}

/** Bytes that one event of a kind has in the columns before each one: that times the capacity is the column's offset. */
export type Offsets<Kind extends KindName> = Readonly<Record<keyof (typeof kinds)[Kind], number>>;

/** The {@link Offsets} of a kind. */
export function offsetsOf<Kind extends KindName>(kind: Kind): Offsets<Kind> {
  let offset = 0;
  const offsets: Record<string, number> = {};
  for (const [column, element] of columnsOf(kind)) {
    offsets[column] = offset;
    offset += bytesOf(element);
  }
  return offsets as Offsets<Kind>;
}

function columnsOf(kind: KindName): readonly (readonly [string, Element])[] {
  return Object.entries(kinds[kind]);
}

function bytesOf(element: Element): number {
  return elementArrays[element].BYTES_PER_ELEMENT;
}

/** Bytes of each column's elements, by kind. */
const columnBytes: readonly (readonly number[])[] = kindNames.map((kind) =>
  columnsOf(kind).map(([, element]) => bytesOf(element))
);

/** Bytes of one event, by kind. */
const eventBytes: readonly number[] = columnBytes.map((bytes) => bytes.reduce((sum, of) => sum + of, 0));

/** The layout with this much room. */
export function layoutFor(capacity: Capacity): Layout {
  return layoutOf(kindNames.map((kind) => capacity[kind]));
}

/** The smallest layout with room for this many events. */
export function layoutForCounts(counts: Counts): Layout {
  return layoutOf(eventBytes.map((_, kind) => roundUp(counts[kind]!)));
}

/** The same columns, further on in their buffer. */
export function layoutAt(layout: Layout, offset: number): Layout {
  return { ...layout, starts: layout.starts.map((start) => start + offset) };
}

function layoutOf(capacities: readonly number[]): Layout {
  const starts: number[] = [];
  let byteLength = 0;
  for (let kind = 0; kind < eventBytes.length; kind++) {
    starts.push(byteLength);
    byteLength += eventBytes[kind]! * capacities[kind]!;
  }
  return { capacities, starts, byteLength };
}

/** The next multiple of 8. */
function roundUp(count: number): number {
  return (count + 7) & ~7;
}

/** Copies the first events of each kind from columns of one layout to those of another. */
export function copyColumns(
  from: Uint8Array,
  fromLayout: Layout,
  to: ArrayBuffer,
  toLayout: Layout,
  counts: Counts,
): void {
  const target = new Uint8Array(to);
  for (let kind = 0; kind < columnBytes.length; kind++) {
    const count = counts[kind]!;
    if (count === 0) continue;
    let offset = 0;
    for (const bytes of columnBytes[kind]!) {
      const start = fromLayout.starts[kind]! + offset * fromLayout.capacities[kind]!;
      const column = from.subarray(start, start + bytes * count);
      target.set(column, toLayout.starts[kind]! + offset * toLayout.capacities[kind]!);
      offset += bytes;
    }
  }
}

/** Overwrites what lies behind the first events of each kind: it may be anything, where the memory was not zeroed. */
export function clearRest(buffer: ArrayBuffer, layout: Layout, counts: Counts): void {
  const bytes = new Uint8Array(buffer);
  for (let kind = 0; kind < columnBytes.length; kind++) {
    const [count, capacity] = [counts[kind]!, layout.capacities[kind]!];
    if (count === capacity) continue;
    let start = layout.starts[kind]!;
    for (const elementBytes of columnBytes[kind]!) {
      bytes.fill(0, start + elementBytes * count, start + elementBytes * capacity);
      start += elementBytes * capacity;
    }
  }
}
