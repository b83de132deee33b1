import type { TimeUnit } from "../shared/time_units.ts";

/** A number as it lies in an array. */
export interface ElementType {
  readonly kind: "int" | "uint" | "float";
  /** In bytes. */
  readonly size: 1 | 2 | 4 | 8;
  readonly isBigEndian: boolean;
  /** Unit of a difference of times (`<m8[us]`). */
  readonly unit?: TimeUnit;
}

const units: Readonly<Record<string, TimeUnit>> = {
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
};

/** The type of a code such as `<i8`, `|u1`, `>f4`, `<b1` or `<m8[us]`; undefined for what is no number. */
export function elementTypeOf(code: string): ElementType | undefined {
  const [, order, letter, digits, unit] = /^([<>|=]?)([iufbm?])(1|2|4|8)?(?:\[(\w+)\])?$/.exec(code) ?? [];
  if (letter === undefined) return undefined;
  const size = letter === "?" ? 1 : Number(digits) as ElementType["size"];
  const isBigEndian = order === ">";
  if (letter === "m") {
    const known = units[unit ?? ""];
    return size === 8 && known !== undefined ? { kind: "int", size, isBigEndian, unit: known } : undefined;
  }
  if (unit !== undefined || Number.isNaN(size)) return undefined;
  if (letter === "f") return size >= 4 ? { kind: "float", size, isBigEndian } : undefined;
  return { kind: letter === "i" ? "int" : "uint", size, isBigEndian };
}

/** How many bytes an element has, also of types whose values are not read; undefined for what is no type, or an object. */
export function bytesOfType(code: string): number | undefined {
  const [, letter, digits = letter === "?" ? "1" : undefined] =
    /^[<>|=]?([iufcbSVUmM?])(\d+)?(?:\[\w+\])?$/.exec(code) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (letter === "U" ? 4 : 1);
}

/** Where elements lie. */
export interface Column {
  readonly type: ElementType;
  /** Where in a record it begins. */
  readonly offset: number;
  /** From one to the next, in bytes. */
  readonly stride: number;
}

/** Takes numbers. */
export type NumberArray = Float64Array | Uint16Array | Uint8Array;

/** Copies the first elements of a column, as numbers. 64 bits are rounded beyond 2^53. */
export function copyColumn(bytes: Uint8Array, column: Column, count: number, to: NumberArray): void {
  const { type: { kind, size, isBigEndian }, offset, stride } = column;
  const start = bytes.byteOffset + offset;
  const wordBytes = Math.min(size, 4);
  const isAligned = start % wordBytes === 0 && stride % wordBytes === 0;
  if (kind === "float") copyFloats(bytes, column, count, to);
  else if (isAligned && !isBigEndian && count > 0) copyAligned(bytes, column, count, to);
  else copyBytes(bytes, column, count, to);
}

/** Little-endian integers at places that typed arrays can read. */
function copyAligned(bytes: Uint8Array, { type, offset, stride }: Column, count: number, to: NumberArray): void {
  const { size } = type;
  const isSigned = type.kind === "int";
  const buffer = bytes.buffer as ArrayBuffer;
  const start = bytes.byteOffset + offset;
  const step = stride / Math.min(size, 4);
  const length = (count - 1) * step + 1;
  if (size === 8) {
    const low = new Uint32Array(buffer, start, length + 1);
    const high = isSigned ? new Int32Array(buffer, start, length + 1) : low;
    for (let i = 0, at = 0; i < count; i++, at += step) to[i] = low[at]! + 2 ** 32 * high[at + 1]!;
    return;
  }
  const arrays = isSigned ? [Int8Array, Int16Array, Int32Array] : [Uint8Array, Uint16Array, Uint32Array];
  const from = new arrays[size >> 1]!(buffer, start, length);
  if (step === 1) to.set(from);
  else for (let i = 0, at = 0; i < count; i++, at += step) to[i] = from[at]!;
}

/** Integers of any byte order at any place. */
function copyBytes(bytes: Uint8Array, { type, offset, stride }: Column, count: number, to: NumberArray): void {
  const { kind, size, isBigEndian } = type;
  // Where the lowest byte is, and where the next higher one.
  const low = offset + (isBigEndian ? size - 1 : 0);
  const step = isBigEndian ? -1 : 1;
  const isSigned = kind === "int";
  for (let i = 0, at = low; i < count; i++, at += stride) {
    if (size === 1) {
      to[i] = isSigned ? bytes[at]! << 24 >> 24 : bytes[at]!;
    } else if (size === 2) {
      const value = bytes[at]! | bytes[at + step]! << 8;
      to[i] = isSigned ? value << 16 >> 16 : value;
    } else {
      const value = bytes[at]! | bytes[at + step]! << 8 | bytes[at + 2 * step]! << 16 | bytes[at + 3 * step]! << 24;
      if (size === 4) {
        to[i] = isSigned ? value : value >>> 0;
      } else {
        const high = bytes[at + 4 * step]! | bytes[at + 5 * step]! << 8 | bytes[at + 6 * step]! << 16 |
          bytes[at + 7 * step]! << 24;
        to[i] = (value >>> 0) + 2 ** 32 * (isSigned ? high : high >>> 0);
      }
    }
  }
}

function copyFloats(bytes: Uint8Array, { type, offset, stride }: Column, count: number, to: NumberArray): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) {
    const at = offset + i * stride;
    to[i] = type.size === 4 ? view.getFloat32(at, !type.isBigEndian) : view.getFloat64(at, !type.isBigEndian);
  }
}
