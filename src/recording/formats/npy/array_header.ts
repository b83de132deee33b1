import { recordingError } from "../../errors.ts";
import type { ByteSource } from "../../source.ts";
import { type ColumnKind, columnKindOf } from "../shared/column_names.ts";
import type { Cursor } from "../shared/cursor.ts";
import { startsWith } from "../shared/starts_with.ts";
import { damaged } from "../shared/item_reader.ts";
import { bytesOfType, type Column, elementTypeOf } from "./element_type.ts";
import { magic } from "./format.ts";
import { parsePythonLiteral, type PythonValue } from "./python_literal.ts";

/** What an array says of itself. */
export interface ArrayHeader {
  /** Its only column (`""`), or the fields of its records, by their names; titles are names, too. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly recordBytes: number;
  /** How many records it has. */
  readonly count: number;
  /** The type as it stands there, for people. */
  readonly description: string;
}

/** A longer header is none. */
const maximumHeaderBytes = 2 ** 20;

/**
 * Takes the header of an array.
 *
 * @throws {NeuromorphicError} "damaged"; "unsupported" for Python objects, and for arrays with several dimensions.
 */
export async function takeArrayHeader(cursor: Cursor): Promise<ArrayHeader> {
  const { source } = cursor;
  const start = cursor.position;
  const head = await cursor.peek(12);
  if (!startsWith(head, magic)) throw damaged(source, start, "is no NumPy array");
  if (head.length < 12) throw damaged(source, start + head.length, "truncated: the header has no end");
  const version = head[6]!;
  if (version < 1 || version > 3) throw refused(source, `its version is ${version}.${head[7]}, and 1 to 3 are read`);
  const lengthBytes = version === 1 ? 2 : 4;
  const view = new DataView(head.buffer, head.byteOffset);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maximumHeaderBytes) throw damaged(source, start + 8, `its header has ${length} bytes`);
  cursor.skip(8 + lengthBytes);
  const bytes = await cursor.peek(length);
  if (bytes.length < length) throw damaged(source, cursor.position + bytes.length, "truncated: the header has no end");
  const header = parsed(source, cursor.position, bytes);
  cursor.skip(length);
  return header;
}

function parsed(source: ByteSource, offset: number, bytes: Uint8Array): ArrayHeader {
  const text = new TextDecoder().decode(bytes);
  const { descr, shape } = literalOf(source, offset, text);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw damaged(source, offset, `its shape is ${JSON.stringify(shape)}`);
  }
  if (shape.length > 1) throw refused(source, `it has ${shape.length} dimensions, and lists of events have one`);
  const columns = new Map<string, Column>();
  const recordBytes = addFields(source, { descr: descr ?? null, offset: 0, columns });
  // Strides are known when the size of a record is.
  for (const [name, column] of columns) columns.set(name, { ...column, stride: recordBytes });
  if (recordBytes === 0 || recordBytes > maximumHeaderBytes) {
    throw damaged(source, offset, `its records have ${recordBytes} bytes`);
  }
  const description = typeof descr === "string" ? descr : /'descr': *(\[.*\]),? *'/.exec(text)?.[1] ?? "records";
  return { columns, recordBytes, count: shape.length === 0 ? 1 : shape[0] as number, description };
}

function literalOf(source: ByteSource, offset: number, text: string): Readonly<Record<string, PythonValue>> {
  try {
    const value = parsePythonLiteral(text.trim());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, PythonValue>>;
    }
  } catch {
    // It is told below, as other wrong headers are.
  }
  throw damaged(source, offset, "its header is no dictionary of Python");
}

/** A type, and where it lies. */
interface Field {
  readonly descr: PythonValue;
  readonly offset: number;
  readonly columns: Map<string, Column>;
}

/** Adds the columns of a type, and returns how many bytes it has. */
function addFields(source: ByteSource, { descr, offset, columns }: Field): number {
  if (typeof descr === "string") {
    const type = elementTypeOf(descr);
    if (type !== undefined) columns.set("", { type, offset, stride: 0 });
    return sizeOf(source, descr);
  }
  if (!Array.isArray(descr)) throw refused(source, `its type is ${JSON.stringify(descr)}`);
  let bytes = 0;
  for (const field of descr as readonly PythonValue[]) {
    if (!Array.isArray(field)) throw refused(source, `a field is ${JSON.stringify(field)}`);
    const [name, type, shape = []] = field as readonly PythonValue[];
    const fields = new Map<string, Column>();
    const size = addFields(source, { descr: type ?? null, offset: offset + bytes, columns: fields });
    // Fields of fields are passed over, and those that have several values.
    const [only] = shape instanceof Array && shape.length === 0 && typeof type === "string" ? fields.values() : [];
    for (const each of Array.isArray(name) ? name as readonly PythonValue[] : [name]) {
      if (only !== undefined && typeof each === "string" && each !== "") columns.set(each, only);
    }
    const sizes = (Array.isArray(shape) ? shape : [shape]) as readonly number[];
    bytes += sizes.reduce((product, size) => product * size, size);
  }
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw refused(source, "the size of its records is not known");
  return bytes;
}

function sizeOf(source: ByteSource, code: string): number {
  if (/^[<>|=]?O/.test(code)) {
    throw refused(source, "it holds Python objects (pickle), which may run programs and are not read");
  }
  const size = bytesOfType(code);
  if (size === undefined) throw refused(source, `its type ${code} is not known`);
  return size;
}

function refused(source: Pick<ByteSource, "name">, what: string) {
  return recordingError("unsupported", what, { operation: "open", path: source.name });
}

/** The four columns of events; undefined where one is missing. */
export function eventColumnsOf({ columns }: ArrayHeader): Readonly<Record<ColumnKind, Column>> | undefined {
  const found: Partial<Record<ColumnKind, Column>> = {};
  for (const [name, column] of columns) {
    const kind = columnKindOf(name);
    if (kind !== undefined) found[kind] ??= column;
  }
  const { t, x, y, p } = found;
  return t && x && y && p ? { t, x, y, p } : undefined;
}
