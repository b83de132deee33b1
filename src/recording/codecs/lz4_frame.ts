/**
 * LZ4 frames: what AEDAT4 and MCAP pack with.
 *
 *     04 22 4D 18 | flags | block size | content size u64, if flagged | checksum of these
 *     blocks: length u32, bit 31 = stored as it is | bytes | XXH32, if flagged
 *     00 00 00 00 | XXH32 of the content, if flagged
 */

import { Lz4Matches, packedLz4Bound, packLz4Block, unpackLz4Block } from "./lz4_block.ts";
import { Malformed } from "./malformed.ts";
import { xxHash32 } from "./xxhash32.ts";

const magic = 0x184d2204;
/** Frames that readers skip have one of 16 magic numbers. */
const skippableMagic = 0x184d2a50;
const flag = { independent: 0x20, blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 };
/** A block of n bytes unpacks to at most 255 n. */
const largestRatio = 255;

/** Whether bytes begin with an LZ4 frame. */
export function isLz4Frame(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x04 && bytes[1] === 0x22 && bytes[2] === 0x4d && bytes[3] === 0x18;
}

/**
 * Unpacks all frames, and checks the checksums that they have.
 *
 * @param maximumLength How long the result may be.
 * @throws {Malformed} for what is no sound LZ4.
 */
export function unpackLz4(bytes: Uint8Array, maximumLength: number): Uint8Array<ArrayBuffer> {
  const output = new Output(maximumLength, Math.min(bytes.length * 4, maximumLength));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    need(bytes, at, 8);
    const first = view.getUint32(at, true);
    if (first === magic) {
      at = unpackFrame(bytes, view, at + 4, output);
    } else if ((first & 0xfffffff0) >>> 0 === skippableMagic) {
      const length = view.getUint32(at + 4, true);
      need(bytes, at + 8, length);
      at += 8 + length;
    } else {
      throw new Malformed("no LZ4 frame");
    }
  }
  return output.bytes.subarray(0, output.length);
}

/** What is unpacked; it grows with what is there, not with what a frame says of its size. */
class Output {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  readonly #maximum: number;

  constructor(maximum: number, capacity: number) {
    this.#maximum = maximum;
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for more bytes, but not for more than the maximum. */
  reserve(more: number): void {
    const needed = Math.min(this.length + more, this.#maximum);
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.min(Math.max(needed, 2 * this.bytes.length), this.#maximum));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

function unpackFrame(bytes: Uint8Array, view: DataView, start: number, output: Output): number {
  const { flags, blockSize, contentSize, end } = readDescriptor(bytes, view, start);
  const contentStart = output.length;
  let at = end;
  for (;;) {
    need(bytes, at, 4);
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const length = word & 0x7fffffff;
    need(bytes, at, length);
    const block = bytes.subarray(at, at + length);
    at += length;
    if (flags & flag.blockChecksum) {
      need(bytes, at, 4);
      if (view.getUint32(at, true) !== xxHash32(block)) throw new Malformed("an LZ4 block has another checksum");
      at += 4;
    }
    unpackBlock(block, word >= 0x80000000, blockSize, flags & flag.independent ? output.length : contentStart, output);
  }
  const content = output.bytes.subarray(contentStart, output.length);
  if (flags & flag.contentChecksum) {
    need(bytes, at, 4);
    if (view.getUint32(at, true) !== xxHash32(content)) throw new Malformed("an LZ4 frame has another checksum");
    at += 4;
  }
  if (contentSize !== undefined && contentSize !== content.length) throw new Malformed("an LZ4 frame has another size");
  return at;
}

function readDescriptor(bytes: Uint8Array, view: DataView, start: number) {
  need(bytes, start, 3);
  const [flags, sizes] = [bytes[start]!, bytes[start + 1]!];
  if (flags >> 6 !== 1) throw new Malformed("an LZ4 frame has an unknown version");
  if (flags & flag.dictionary) throw new Malformed("an LZ4 frame needs a dictionary", "unsupported");
  const sizeCode = (sizes >> 4) & 7;
  if (sizeCode < 4) throw new Malformed("an LZ4 frame has an unknown block size");
  let at = start + 2;
  let contentSize: number | undefined;
  if (flags & flag.contentSize) {
    need(bytes, at, 8);
    contentSize = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    at += 8;
  }
  need(bytes, at, 1);
  if (((xxHash32(bytes.subarray(start, at)) >>> 8) & 0xff) !== bytes[at]) {
    throw new Malformed("an LZ4 frame's header has another checksum");
  }
  return { flags, blockSize: 1 << (8 + 2 * sizeCode), contentSize, end: at + 1 };
}

function unpackBlock(block: Uint8Array, isStored: boolean, blockSize: number, window: number, output: Output): void {
  output.reserve(isStored ? block.length : Math.min(blockSize, block.length * largestRatio));
  const target = output.bytes.subarray(0, Math.min(output.bytes.length, output.length + blockSize));
  if (isStored) {
    if (block.length > target.length - output.length) throw new Malformed("an LZ4 block is longer than it may be");
    target.set(block, output.length);
    output.length += block.length;
  } else {
    output.length = unpackLz4Block(block, target, output.length, window);
  }
}

function need(bytes: Uint8Array, at: number, length: number): void {
  if (length > bytes.length - at) throw new Malformed("LZ4 data ends too early");
}

/** Blocks have 64 KiB, and refer to those before: as dv-processing writes frames. */
const packedBlockSize = 1 << 16;
const packedHeader = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0);

/** Packs bytes as LZ4 frames, one after the other. */
export class Lz4Packer {
  readonly #matches = new Lz4Matches();
  #output = new Uint8Array(0);

  /** One frame of all bytes. It is valid until the next call. */
  pack(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const blocks = Math.ceil(bytes.length / packedBlockSize);
    const bound = packedHeader.length + packedLz4Bound(bytes.length) + 20 * (blocks + 1);
    if (this.#output.length < bound) this.#output = new Uint8Array(bound);
    const output = this.#output;
    const view = new DataView(output.buffer);
    this.#matches.reset();
    output.set(packedHeader);
    let to = packedHeader.length;
    for (let from = 0; from < bytes.length; from += packedBlockSize) {
      const end = Math.min(from + packedBlockSize, bytes.length);
      const blockEnd = packLz4Block(bytes, from, end, this.#matches, output, to + 4);
      const length = blockEnd - to - 4;
      if (length < end - from) {
        view.setUint32(to, length, true);
        to = blockEnd;
      } else {
        view.setUint32(to, (end - from) | 0x80000000, true);
        output.set(bytes.subarray(from, end), to + 4);
        to += 4 + end - from;
      }
    }
    view.setUint32(to, 0, true);
    return output.subarray(0, to + 4);
  }
}
