/** The FlatBuffers of an Arrow file of four columns of numbers. */

import { type FlatFields, type FlatValue, i16, i32, i64, i8, table, tables, text } from "../../flatbuffers/write.ts";

/** A column: its name, and the whole numbers in it. */
interface Column {
  readonly name: string;
  readonly bytes: number;
  readonly isSigned: boolean;
}

/** The columns, in order. */
export const columns: readonly Column[] = [
  { name: "t", bytes: 8, isSigned: true },
  { name: "x", bytes: 2, isSigned: false },
  { name: "y", bytes: 2, isSigned: false },
  { name: "on", bytes: 1, isSigned: false },
];

/** Version 5 of the metadata, which Arrow has since 1.0. */
const metadataVersion = 4;
const typeInt = 2;
const headerType = { schema: 1, recordBatch: 3 };

function schema(metadata: Readonly<Record<string, string>>): FlatFields {
  const fields = columns.map(({ name, bytes, isSigned }): FlatFields => [
    text(name),
    i8(0), // no value is missing
    i8(typeInt),
    table([i32(8 * bytes), i8(isSigned ? 1 : 0)]),
    undefined,
    tables([]),
  ]);
  const pairs = Object.entries(metadata).map(([key, value]): FlatFields => [text(key), text(value)]);
  return [i16(0), tables(fields), tables(pairs)];
}

/** The message with which a file begins. */
export function schemaMessage(metadata: Readonly<Record<string, string>>): FlatFields {
  return [i16(metadataVersion), i8(headerType.schema), table(schema(metadata)), i64(0)];
}

/** Every buffer of a body begins at a multiple of this. */
export const bufferAlignment = 64;

/** How long the columns of a batch are, each filled up. */
export function bodyBytes(rows: number): number {
  return columns.reduce((sum, { bytes }) => sum + aligned(rows * bytes), 0);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / bufferAlignment) * bufferAlignment;
}

/** Where the columns of a batch begin in its body. */
export function columnStarts(rows: number): number[] {
  let at = 0;
  return columns.map(({ bytes }) => {
    at += aligned(rows * bytes);
    return at - aligned(rows * bytes);
  });
}

/** The message in front of the columns of a batch. */
export function batchMessage(rows: number): FlatFields {
  const starts = columnStarts(rows);
  const nodes = columns.flatMap(() => [rows, 0]);
  // Each column has a bitmap of the values that are there, which may be missing, and its numbers.
  const buffers = columns.flatMap(({ bytes }, index) => [starts[index]!, 0, starts[index]!, rows * bytes]);
  const batch = [i64(rows), structs(nodes, 2), structs(buffers, 2)];
  return [i16(metadataVersion), i8(headerType.recordBatch), table(batch), i64(bodyBytes(rows))];
}

/** A batch that was written. */
export interface Batch {
  readonly position: number;
  readonly metadataBytes: number;
  readonly rows: number;
}

/** What stands at the end of a file. */
export function footer(metadata: Readonly<Record<string, string>>, batches: readonly Batch[]): FlatFields {
  // Structs of a position i64, a length i32 with padding, and a length i64.
  const blocks = batches.flatMap(({ position, metadataBytes, rows }) => [position, metadataBytes, bodyBytes(rows)]);
  return [i16(metadataVersion), table(schema(metadata)), structs([], 3), structs(blocks, 3)];
}

/** A vector of structs of so many numbers of 64 bits. */
function structs(numbers: readonly number[], perStruct: number): FlatValue {
  const bytes = new Uint8Array(8 * numbers.length);
  const view = new DataView(bytes.buffer);
  for (const [index, number] of numbers.entries()) view.setBigInt64(8 * index, BigInt(number), true);
  return { kind: "vector", bytes, length: numbers.length / perStruct, alignment: 8 };
}
