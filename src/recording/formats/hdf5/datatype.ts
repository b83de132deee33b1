import { Malformed } from "../../codecs/malformed.ts";
import { textAt } from "./file.ts";

/** A whole number in a record: where, how long, and whether it has a sign. */
export interface IntegerType {
  readonly kind: "integer";
  readonly bytes: number;
  readonly isSigned: boolean;
}

/** A record of named numbers. */
export interface CompoundType {
  readonly kind: "compound";
  readonly bytes: number;
  readonly members: ReadonlyMap<string, { readonly offset: number; readonly type: IntegerType }>;
}

/** Text in a global heap, or of a fixed length. */
export interface TextType {
  readonly kind: "heap-text" | "text";
  readonly bytes: number;
}

/** What recordings consist of. */
export type DataType = IntegerType | CompoundType | TextType;

const [classInteger, classText, classCompound, classVariable] = [0, 3, 6, 9];

/** Reads a datatype message, and tells how long it is. */
export function readDataType(view: DataView, at = 0): { readonly type: DataType; readonly length: number } {
  const [dataClass, version] = [view.getUint8(at) & 15, view.getUint8(at) >> 4];
  const [bits, bytes] = [view.getUint8(at + 1), view.getUint32(at + 4, true)];
  switch (dataClass) {
    case classInteger: {
      const isPlain = (bits & 1) === 0 && view.getUint16(at + 8, true) === 0 &&
        view.getUint16(at + 10, true) === 8 * bytes && [1, 2, 4, 8].includes(bytes);
      if (!isPlain) throw new Malformed("numbers that are not little-endian", "unsupported");
      return { type: { kind: "integer", bytes, isSigned: (bits & 8) !== 0 }, length: 12 };
    }
    case classText:
      return { type: { kind: "text", bytes }, length: 8 };
    case classCompound:
      return readCompound(view, at, version, bytes);
    case classVariable:
      if ((bits & 15) !== 1) break;
      return { type: { kind: "heap-text", bytes: 16 }, length: 8 + readDataType(view, at + 8).length };
  }
  throw new Malformed(`values of HDF5's class ${dataClass}`, "unsupported");
}

function readCompound(view: DataView, start: number, version: number, bytes: number) {
  const whole = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const members = new Map<string, { offset: number; type: IntegerType }>();
  let at = start + 8;
  for (let left = view.getUint16(start + 1, true); left > 0; left--) {
    const name = textAt(whole, at);
    const nameBytes = new TextEncoder().encode(name).length + 1;
    at += version < 3 ? Math.ceil(nameBytes / 8) * 8 : nameBytes;
    const offsetBytes = version < 3 ? 4 : bytesFor(bytes);
    let offset = 0;
    for (let i = 0; i < offsetBytes; i++) offset += view.getUint8(at + i) * 2 ** (8 * i);
    // Version 1 has room for the dimensions of a member that is an array.
    at += version === 1 ? 32 : offsetBytes;
    const { type, length } = readDataType(view, at);
    if (type.kind !== "integer") throw new Malformed(`the field ${name} is no whole number`, "unsupported");
    if (offset + type.bytes > bytes) throw new Malformed(`the field ${name} lies outside of its record`);
    members.set(name, { offset, type });
    at += length;
  }
  const type: CompoundType = { kind: "compound", bytes, members };
  return { type, length: at - start };
}

/** As many bytes as offsets in a record of this length need. */
function bytesFor(size: number): number {
  return Math.max(1, Math.ceil(Math.log2(size + 1) / 8));
}

/** A number in a record. One beyond 2^53 is inexact, and refused where that matters. */
export function integerAt(view: DataView, at: number, { bytes, isSigned }: IntegerType): number {
  switch (bytes) {
    case 1:
      return isSigned ? view.getInt8(at) : view.getUint8(at);
    case 2:
      return isSigned ? view.getInt16(at, true) : view.getUint16(at, true);
    case 4:
      return isSigned ? view.getInt32(at, true) : view.getUint32(at, true);
    default: {
      const high = isSigned ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true);
      return view.getUint32(at, true) + high * 2 ** 32;
    }
  }
}
