/** A value of a row. */
export type Value = number | string | Uint8Array | null;

/** A number of 1 to 9 bytes, 7 bits in each, the highest first. Those beyond 2^53 are inexact. */
export function readVarint(view: DataView, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start; at < start + 8; at++) {
    const byte = at < view.byteLength ? view.getUint8(at) : 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 128) return { value, end: at + 1 };
  }
  return { value: value * 256 + (start + 8 < view.byteLength ? view.getUint8(start + 8) : 0), end: start + 9 };
}

/** Bytes of whole numbers by their type, 1 to 6. */
const integerBytes = [0, 1, 2, 3, 4, 6, 8];
const decoder = new TextDecoder();

/** The values of a row: first the types of all, then the values. Undefined where they are longer than the row. */
export function readRecord(bytes: Uint8Array<ArrayBuffer>): Value[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readVarint(view, 0);
  if (header.value > bytes.length) return undefined;
  const values: Value[] = [];
  let [typeAt, at] = [header.end, header.value];
  while (typeAt < header.value) {
    const type = readVarint(view, typeAt);
    typeAt = type.end;
    const length = lengthOf(type.value);
    if (at + length > bytes.length) return undefined;
    values.push(valueOf(bytes.subarray(at, at + length), view, at, type.value));
    at += length;
  }
  return values;
}

const [typeFloat, typeZero, typeOne, firstText] = [7, 8, 9, 12];

function lengthOf(type: number): number {
  if (type < firstText) return type === typeFloat ? 8 : integerBytes[type] ?? 0;
  return Math.floor((type - firstText) / 2);
}

function valueOf(bytes: Uint8Array<ArrayBuffer>, view: DataView, at: number, type: number): Value {
  if (type >= firstText) return type % 2 === 0 ? bytes : decoder.decode(bytes);
  if (type === typeFloat) return view.getFloat64(at);
  if (type === typeZero || type === typeOne) return type - typeZero;
  if (bytes.length === 0) return null;
  let value = view.getInt8(at);
  for (let i = 1; i < bytes.length; i++) value = value * 256 + bytes[i]!;
  return value;
}
