import { recordingError } from "../../errors.ts";
import type { ByteSource } from "../../source.ts";
import { damaged } from "../shared/item_reader.ts";

/** A file in an archive. */
export interface ZipMember {
  readonly name: string;
  readonly isPacked: boolean;
  readonly checksum: number;
  /** Bytes in the archive. */
  readonly packedBytes: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Where what describes it begins; its bytes follow. */
  readonly headerOffset: number;
}

const endBytes = 22;
const maximumCommentBytes = 65_535;
/** A longer directory is none that NumPy wrote. */
const maximumDirectoryBytes = 2 ** 24;
const signatures = { member: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 };

/**
 * Reads which files an archive holds. A source that can be read at any place is needed: the directory is at its end.
 *
 * @throws {NeuromorphicError} "damaged"; "unsupported" for what is encrypted, or packed by another method than deflate.
 */
export async function readZipDirectory(source: ByteSource & { readonly size: number }): Promise<readonly ZipMember[]> {
  const { count, offset, length } = await findDirectory(source);
  if (length > maximumDirectoryBytes || offset + length > source.size) {
    throw damaged(source, offset, `the archive's directory has ${length} bytes`);
  }
  const bytes = (await source.read(offset, length)).slice();
  const view = new DataView(bytes.buffer);
  const members: ZipMember[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > length || view.getUint32(at, true) !== signatures.entry) {
      throw damaged(source, offset + at, `entry ${index} of the archive's directory is none`);
    }
    members.push(memberAt(source, view, at));
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

/** Where a member's bytes begin. */
export async function dataOffsetOf(source: ByteSource, { name, headerOffset }: ZipMember): Promise<number> {
  const head = await source.read(headerOffset, 30);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 30 || view.getUint32(0, true) !== signatures.member) {
    throw damaged(source, headerOffset, `${name} of the archive does not begin here`);
  }
  return headerOffset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}

async function findDirectory(source: ByteSource & { readonly size: number }) {
  const start = Math.max(0, source.size - endBytes - maximumCommentBytes - 20);
  const tail = (await source.read(start, source.size - start)).slice();
  const view = new DataView(tail.buffer);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== signatures.end) continue;
    if (at + endBytes + view.getUint16(at + 20, true) > tail.length) continue;
    const isLarge = at >= 20 && view.getUint32(at - 20, true) === signatures.locator;
    if (isLarge) return await largeDirectory(source, numberAt(view, at - 20 + 8));
    return {
      count: view.getUint16(at + 10, true),
      length: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
  }
  throw damaged(source, source.size, "truncated: the archive has no directory at its end");
}

async function largeDirectory(source: ByteSource, position: number) {
  const bytes = await source.read(position, 56);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 56 || view.getUint32(0, true) !== signatures.end64) {
    throw damaged(source, position, "the archive's directory is not where its end tells");
  }
  return { count: numberAt(view, 32), length: numberAt(view, 40), offset: numberAt(view, 48) };
}

function memberAt(source: ByteSource, view: DataView, at: number): ZipMember {
  const [nameBytes, extraBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameBytes));
  const method = view.getUint16(at + 10, true);
  if ((view.getUint16(at + 8, true) & 1) !== 0) throw refused(source, `${name} is encrypted`);
  if (method !== 0 && method !== 8) throw refused(source, `${name} is packed by method ${method}, and deflate is read`);
  const large = largeFields(view, at + 46 + nameBytes, extraBytes);
  // In this order the larger numbers stand there, each only where its field says so.
  const [bytes, packedBytes, headerOffset] = [24, 20, 42].map((field) => {
    const value = view.getUint32(at + field, true);
    return value === 0xffffffff ? large.shift() ?? value : value;
  }) as [number, number, number];
  return { name, isPacked: method === 8, checksum: view.getUint32(at + 16, true), packedBytes, bytes, headerOffset };
}

/** The numbers of 64 bits that an entry has. */
function largeFields(view: DataView, start: number, length: number): number[] {
  for (let at = start; at + 4 <= start + length;) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      return Array.from(
        { length: Math.floor(Math.min(size, start + length - at - 4) / 8) },
        (_, i) => numberAt(view, at + 4 + 8 * i),
      );
    }
    at += 4 + size;
  }
  return [];
}

function numberAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
}

function refused(source: ByteSource, what: string) {
  return recordingError("unsupported", what, { operation: "open", path: source.name });
}
