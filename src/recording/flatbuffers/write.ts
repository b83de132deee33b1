/**
 * Writes FlatBuffers from a description: values by the numbers of their fields. Parents come before their children, so
 * that one pass is enough, and each value is aligned as verifiers want it: by its distance from the buffer's beginning.
 */

import type { ByteWriter } from "../byte_writer.ts";

/** A value of a field. */
export type FlatValue =
  | { readonly kind: "i8" | "i16" | "i32" | "i64" | "f32"; readonly value: number }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "table"; readonly fields: FlatFields }
  | { readonly kind: "tables"; readonly tables: readonly FlatFields[] }
  /** A struct in place, or a vector of structs or numbers, as bytes. */
  | { readonly kind: "struct"; readonly bytes: Uint8Array; readonly alignment: number }
  | { readonly kind: "vector"; readonly bytes: Uint8Array; readonly length: number; readonly alignment: number };

/** Values by the number of their field; undefined for one that is absent. */
export type FlatFields = readonly (FlatValue | undefined)[];

export const i8 = (value: number): FlatValue => ({ kind: "i8", value });
export const i16 = (value: number): FlatValue => ({ kind: "i16", value });
export const i32 = (value: number): FlatValue => ({ kind: "i32", value });
export const i64 = (value: number): FlatValue => ({ kind: "i64", value });
export const f32 = (value: number): FlatValue => ({ kind: "f32", value });
export const text = (value: string): FlatValue => ({ kind: "text", value });
export const table = (fields: FlatFields): FlatValue => ({ kind: "table", fields });
export const tables = (all: readonly FlatFields[]): FlatValue => ({ kind: "tables", tables: all });

/** How a buffer begins. */
export interface FlatStart {
  /** Whether its length stands in front, as u32. */
  readonly sizePrefix?: boolean;
  /** Four letters behind the root's offset. */
  readonly identifier?: string;
}

/** Writes a whole buffer into a writer that is empty: alignment counts from its beginning. */
export function writeFlatBuffer(writer: ByteWriter, root: FlatFields, start: FlatStart = {}): void {
  if (start.sizePrefix === true) writer.u32(0);
  const rootAt = writer.skip(4);
  for (const letter of start.identifier ?? "") writer.u8(letter.charCodeAt(0));
  writer.setU32(rootAt, writeTable(writer, root) - rootAt);
  writer.align(8);
  if (start.sizePrefix === true) writer.setU32(0, writer.length - 4);
}

function writeTable(writer: ByteWriter, fields: FlatFields): number {
  writer.align(2);
  const vtable = writer.skip(4 + 2 * fields.length);
  writer.align(4);
  const at = writer.skip(4);
  writer.setU32(at, at - vtable);
  const children: [at: number, value: FlatValue][] = [];
  for (const [field, value] of fields.entries()) {
    if (value === undefined) continue;
    const place = writeInPlace(writer, value);
    writer.setU16(vtable + 4 + 2 * field, place - at);
    if (isElsewhere(value)) children.push([place, value]);
  }
  writer.setU16(vtable, 4 + 2 * fields.length);
  writer.setU16(vtable + 2, writer.length - at);
  for (const [place, value] of children) writer.setU32(place, writeChild(writer, value) - place);
  return at;
}

function isElsewhere(value: FlatValue): boolean {
  return value.kind === "text" || value.kind === "table" || value.kind === "tables" || value.kind === "vector";
}

/** Writes a value into its table, or room for the offset of one that stands elsewhere. */
function writeInPlace(writer: ByteWriter, value: FlatValue): number {
  switch (value.kind) {
    case "i8":
      return place(writer, 1, 1, (at) => writer.setU8(at, value.value));
    case "i16":
      return place(writer, 2, 2, (at) => writer.setU16(at, value.value));
    case "i32":
      return place(writer, 4, 4, (at) => writer.setU32(at, value.value));
    case "i64":
      return place(writer, 8, 8, (at) => writer.setI64(at, value.value));
    case "f32":
      return place(writer, 4, 4, (at) => writer.setF32(at, value.value));
    case "struct":
      writer.align(value.alignment);
      writer.append(value.bytes);
      return writer.length - value.bytes.length;
    default:
      return place(writer, 4, 4, () => {});
  }
}

function place(writer: ByteWriter, bytes: number, alignment: number, write: (at: number) => void): number {
  writer.align(alignment);
  const at = writer.skip(bytes);
  write(at);
  return at;
}

function writeChild(writer: ByteWriter, value: FlatValue): number {
  writer.align(4);
  const at = writer.length;
  switch (value.kind) {
    case "text":
      writer.text(value.value);
      writer.u8(0);
      return at;
    case "table":
      return writeTable(writer, value.fields);
    case "tables":
      return writeTables(writer, value.tables);
    case "vector":
      return writeVector(writer, value);
    default:
      throw new Error(`${value.kind} stands in its table`);
  }
}

function writeTables(writer: ByteWriter, all: readonly FlatFields[]): number {
  const at = writer.length;
  writer.u32(all.length);
  const offsets = writer.skip(4 * all.length);
  for (const [index, fields] of all.entries()) {
    const place = offsets + 4 * index;
    writer.setU32(place, writeTable(writer, fields) - place);
  }
  return at;
}

function writeVector(writer: ByteWriter, value: FlatValue & { readonly kind: "vector" }): number {
  while ((writer.length + 4) % value.alignment !== 0) writer.u32(0);
  const at = writer.length;
  writer.u32(value.length);
  writer.append(value.bytes);
  return at;
}
