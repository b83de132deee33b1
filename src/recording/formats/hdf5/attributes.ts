import { Malformed } from "../../codecs/malformed.ts";
import { type DataType, integerAt, readDataType } from "./datatype.ts";
import { addressAt, type Hdf5File, textAt } from "./file.ts";
import { type Message, messageType } from "./objects.ts";

/** The attributes of an object that are texts or whole numbers; others, and damaged ones, are left out. */
export async function readAttributes(file: Hdf5File, messages: readonly Message[]): Promise<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const { type, data } of messages) {
    if (type !== messageType.attribute) continue;
    try {
      const { name, dataType, valueAt } = readAttribute(data);
      const value = await valueOf(file, data, valueAt, dataType);
      if (value !== undefined) attributes[name] = value;
    } catch (error) {
      // An attribute is told to people; events are read without it.
      if (!(error instanceof RangeError) && !(error instanceof Malformed)) throw error;
    }
  }
  return attributes;
}

function readAttribute(data: DataView<ArrayBuffer>) {
  const version = data.getUint8(0);
  const sizes = [data.getUint16(2, true), data.getUint16(4, true), data.getUint16(6, true)] as const;
  const padded = (size: number) => version === 1 ? Math.ceil(size / 8) * 8 : size;
  const nameAt = version === 3 ? 9 : 8;
  const typeAt = nameAt + padded(sizes[0]);
  const valueAt = typeAt + padded(sizes[1]) + padded(sizes[2]);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name: textAt(bytes, nameAt), dataType: readDataType(data, typeAt).type, valueAt };
}

async function valueOf(
  file: Hdf5File,
  data: DataView<ArrayBuffer>,
  at: number,
  type: DataType,
): Promise<string | undefined> {
  switch (type.kind) {
    case "integer":
      return String(integerAt(data, at, type));
    case "text":
      return textAt(new Uint8Array(data.buffer, data.byteOffset + at, Math.min(type.bytes, data.byteLength - at)), 0);
    case "heap-text": {
      const [length, heap, index] = [data.getUint32(at, true), addressAt(data, at + 4), data.getUint32(at + 12, true)];
      const bytes = length === 0 ? new Uint8Array(0) : await heapObject(file, heap, index);
      return bytes === undefined ? undefined : textAt(bytes.subarray(0, length), 0);
    }
    default:
      return undefined;
  }
}

/** An object of a global heap. */
async function heapObject(file: Hdf5File, address: number, index: number): Promise<Uint8Array | undefined> {
  const head = await file.view(address, 16, "a global heap");
  if (head.getUint32(0, true) !== 0x4c4f4347) throw file.fail("damaged", "there is no global heap", address);
  const size = addressAt(head, 8);
  const heap = await file.bytes(address, size, "a global heap");
  const view = new DataView(heap.buffer);
  for (let at = 16; at + 16 <= heap.length;) {
    const [number, length] = [view.getUint16(at, true), addressAt(view, at + 8)];
    if (number === index) return heap.subarray(at + 16, at + 16 + length);
    if (number === 0) return undefined; // the free space at the end
    at += 16 + Math.ceil(length / 8) * 8;
  }
  return undefined;
}
