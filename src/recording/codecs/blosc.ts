/**
 * Blosc, version 1: what the DSEC data set is packed with.
 *
 *     version | version of the packer | flags | bytes of an element | u32 size | u32 size of a block | u32 packed size
 *     u32 for each block: where it begins
 *     block: one stream, or one for each byte of an element: i32 packed size, and these bytes
 *
 * A stream that is as long as what it unpacks to is stored as it is. Blocks are shuffled: all first bytes of the elements
 * come first, then all second ones.
 */

import { inflate } from "./deflate.ts";
import { unpackLz4Block } from "./lz4_block.ts";
import { Malformed } from "./malformed.ts";
import { unshuffled } from "./shuffle.ts";
import { unpackZstandard } from "./zstandard.ts";

const headerBytes = 16;
const flag = { shuffled: 0x01, stored: 0x02, bitShuffled: 0x04, oneStream: 0x10 };
/** Packers by the number in the flags. Snappy and BloscLZ are not there. */
const packers = ["BloscLZ", "LZ4", "Snappy", "zlib", "Zstandard"] as const;
type Packer = (typeof packers)[number];

/**
 * Unpacks a buffer.
 *
 * @param maximumLength How long the result may be.
 * @throws {Malformed} "damaged", or "unsupported" for a packer that is not there.
 */
export async function unpackBlosc(bytes: Uint8Array, maximumLength: number): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.length < headerBytes) throw new Malformed("a Blosc buffer ends in its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [flags, elementBytes] = [bytes[2]!, bytes[3]!];
  const [size, blockSize, packedSize] = [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
  if (size > maximumLength) throw new Malformed(`a Blosc buffer of ${size} bytes, and ${maximumLength} is the most`);
  if (packedSize > bytes.length) throw new Malformed("a Blosc buffer ends too early");
  if (flags & flag.stored) {
    if (headerBytes + size > packedSize) throw new Malformed("a Blosc buffer ends too early");
    return Uint8Array.from(bytes.subarray(headerBytes, headerBytes + size));
  }
  if (flags & flag.bitShuffled) throw new Malformed("Blosc with shuffled bits", "unsupported");
  if (elementBytes === 0 || (blockSize === 0 && size > 0)) {
    throw new Malformed("a Blosc buffer has blocks without size");
  }
  const packer = packers[flags >> 5];
  if (packer === undefined) throw new Malformed(`Blosc with packer ${flags >> 5}`, "unsupported");
  const result = new Uint8Array(size);
  for (let start = 0, block = 0; start < size; start += blockSize, block++) {
    const length = Math.min(blockSize, size - start);
    const isWhole = length === blockSize;
    const streams = isWhole && !(flags & flag.oneStream) ? elementBytes : 1;
    const unpacked = await unpackStreams(view, view.getUint32(headerBytes + 4 * block, true), {
      packer,
      streams,
      length,
    });
    result.set(
      (flags & flag.shuffled) !== 0 && elementBytes > 1 ? unshuffled(unpacked, elementBytes) : unpacked,
      start,
    );
  }
  return result;
}

interface BlockOptions {
  readonly packer: Packer;
  readonly streams: number;
  readonly length: number;
}

async function unpackStreams(view: DataView, start: number, { packer, streams, length }: BlockOptions) {
  const block = new Uint8Array(length);
  const streamLength = Math.floor(length / streams);
  let at = start;
  for (let stream = 0; stream < streams; stream++) {
    const packedLength = view.getInt32(at, true);
    at += 4;
    if (packedLength < 0 || packedLength > view.byteLength - at) throw new Malformed("a Blosc stream ends too early");
    const packed = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + at, packedLength);
    at += packedLength;
    const unpacked = packedLength === streamLength ? packed : await unpackStream(packed, packer, streamLength);
    if (unpacked.length !== streamLength) throw new Malformed("a Blosc stream has another size");
    block.set(unpacked, stream * streamLength);
  }
  return block;
}

async function unpackStream(bytes: Uint8Array<ArrayBuffer>, packer: Packer, length: number): Promise<Uint8Array> {
  switch (packer) {
    case "LZ4": {
      const output = new Uint8Array(length);
      return output.subarray(0, unpackLz4Block(bytes, output, 0, 0));
    }
    case "zlib":
      return await inflate(bytes, length);
    case "Zstandard":
      return unpackZstandard(bytes, length);
    default:
      throw new Malformed(`Blosc with ${packer}`, "unsupported");
  }
}
