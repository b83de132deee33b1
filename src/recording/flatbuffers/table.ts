/**
 * Reads FlatBuffers without generated code: a table is a position, its fields stand at offsets that its vtable lists.
 * All offsets are bounded by the `DataView`, whose RangeError means a damaged buffer.
 */

import { Malformed } from "../codecs/malformed.ts";

const decoder = new TextDecoder();

/** A vector of a table. */
export interface FlatVector {
  /** Where its first element begins. */
  readonly start: number;
  /** How many elements it has. */
  readonly length: number;
}

/** A table in a buffer. A field that is absent has its default. */
export class FlatTable {
  readonly view: DataView;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableSize: number;

  constructor(view: DataView, at: number) {
    this.view = view;
    this.#at = at;
    this.#vtable = at - view.getInt32(at, true);
    this.#vtableSize = view.getUint16(this.#vtable, true);
  }

  /** The root table of a buffer whose first offset stands at a position. */
  static root(bytes: Uint8Array, at: number): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, at + view.getUint32(at, true));
  }

  /** Where a field stands; undefined where it is absent. */
  position(field: number): number | undefined {
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#vtableSize) return undefined;
    const offset = this.view.getUint16(this.#vtable + slot, true);
    return offset === 0 ? undefined : this.#at + offset;
  }

  i8(field: number): number {
    const at = this.position(field);
    return at === undefined ? 0 : this.view.getInt8(at);
  }

  i16(field: number): number {
    const at = this.position(field);
    return at === undefined ? 0 : this.view.getInt16(at, true);
  }

  i32(field: number): number {
    const at = this.position(field);
    return at === undefined ? 0 : this.view.getInt32(at, true);
  }

  f32(field: number): number {
    const at = this.position(field);
    return at === undefined ? 0 : this.view.getFloat32(at, true);
  }

  i64(field: number, absent: number = 0): number {
    const at = this.position(field);
    return at === undefined ? absent : exactI64(this.view, at);
  }

  text(field: number): string | undefined {
    const vector = this.vector(field, 1);
    if (vector === undefined) return undefined;
    return decoder.decode(new Uint8Array(this.view.buffer, this.view.byteOffset + vector.start, vector.length));
  }

  /** A vector whose elements have so many bytes. */
  vector(field: number, elementBytes: number): FlatVector | undefined {
    const at = this.position(field);
    if (at === undefined) return undefined;
    const start = at + this.view.getUint32(at, true);
    const length = this.view.getUint32(start, true);
    if (length * elementBytes > this.view.byteLength - start - 4) {
      throw new Malformed("a vector is longer than its buffer");
    }
    return { start: start + 4, length };
  }

  /** The tables of a vector of tables. */
  *tables(field: number): Generator<FlatTable> {
    const vector = this.vector(field, 4);
    for (let i = 0; i < (vector?.length ?? 0); i++) {
      const at = vector!.start + 4 * i;
      yield new FlatTable(this.view, at + this.view.getUint32(at, true));
    }
  }
}

/** A signed 64-bit number, which must be one that JavaScript holds exactly. */
export function exactI64(view: DataView, at: number): number {
  const value = view.getUint32(at, true) + view.getInt32(at + 4, true) * 2 ** 32;
  if (!Number.isSafeInteger(value)) throw new Malformed(`the number ${value} is larger than 2^53`, "unsupported");
  return value;
}
