/**
 * The container of AEDAT 4: all numbers little-endian, nothing aligned.
 *
 *     "#!AER-DAT4.0\r\n" | u32 size | header of that size: FlatBuffer IOHE
 *     packets: i32 stream | i32 size | FlatBuffer behind its length, packed as the header says
 *     at the end: table of all packets, FlatBuffer FTAB, packed in the same way, without stream and size in front
 */

import type { ByteWriter } from "../../byte_writer.ts";
import { isLz4Frame, unpackLz4 } from "../../codecs/lz4_frame.ts";
import { Malformed } from "../../codecs/malformed.ts";
import { unpackZstandard } from "../../codecs/zstandard.ts";

/** The first line of a file. */
export const firstLine = new TextEncoder().encode("#!AER-DAT4.0\r\n");

/** What stands in front of a packet: stream and size. */
export const packetHeaderBytes = 8;

/** Identifiers of the FlatBuffers. */
export const identifiers = {
  header: "IOHE",
  events: "EVTS",
  triggers: "TRIG",
  imu: "IMUS",
  frame: "FRME",
  table: "FTAB",
} as const;

/** How packets can be packed, by the number in the header. */
export const compressions = ["NONE", "LZ4", "LZ4_HIGH", "ZSTD", "ZSTD_HIGH"] as const;

/** How packets are packed. */
export type Compression = (typeof compressions)[number];

/** DV's packets have some 100 kB; one may be far larger, but not fill the memory. */
const largestPacket = 1 << 30;

/** The FlatBuffer in a packet or in the table, behind its length. */
export function unpack(bytes: Uint8Array, compression: Compression): Uint8Array {
  const unpacked = compression === "NONE"
    ? bytes
    : compression === "LZ4" || compression === "LZ4_HIGH"
    ? unpackLz4(bytes, largestPacket)
    : unpackZstandard(bytes, largestPacket);
  if (unpacked.length < 12) throw new Malformed("it is too short");
  const length = new DataView(unpacked.buffer, unpacked.byteOffset).getUint32(0, true);
  if (length > unpacked.length - 4) throw new Malformed("it ends too early");
  return unpacked.subarray(0, 4 + length);
}

/** The four letters that tell what an unpacked FlatBuffer holds. */
export function identifierOf(unpacked: Uint8Array): string {
  return String.fromCharCode(...unpacked.subarray(8, 12));
}

const zstandardMagic = [0x28, 0xb5, 0x2f, 0xfd];

/** Whether bytes, where a packet should begin, are those of the table, to which no position leads. */
export function isTable(bytes: Uint8Array, compression: Compression): boolean {
  if (compression === "NONE") return bytes.length >= 12 && identifierOf(bytes) === identifiers.table;
  return isLz4Frame(bytes) || zstandardMagic.every((byte, index) => bytes[index] === byte);
}

/** Where the elements of a vector begin that {@link beginVector} has begun; its length stands in front. */
export const vectorStart = 32;

/**
 * Begins a FlatBuffer whose root has one field, a vector: length at 0, root's offset, identifier, a vtable of one field at
 * 12, its table at 20, the vector's length at 28. Both lengths are written later.
 */
export function beginVector(writer: ByteWriter, identifier: string): void {
  writer.clear();
  writer.u32(0);
  writer.u32(16);
  for (const letter of identifier) writer.u8(letter.charCodeAt(0));
  for (const word of [6, 8, 4, 0]) writer.u16(word);
  writer.u32(8);
  writer.u32(4);
  writer.u32(0);
}
