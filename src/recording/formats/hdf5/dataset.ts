import { unpackBlosc } from "../../codecs/blosc.ts";
import { inflate } from "../../codecs/deflate.ts";
import { unshuffled } from "../../codecs/shuffle.ts";
import { type DataType, readDataType } from "./datatype.ts";
import { addressAt, type Hdf5File, isNowhere } from "./file.ts";
import { type Message, messageType, readMessages, treeEntries } from "./objects.ts";

/** Numbers of filters, as The HDF Group registers them. */
export const filterIds = { deflate: 1, shuffle: 2, blosc: 32_001, ecf: 0x8ecf };

/** Names of filters that this reader has not, for errors. */
const filterNames: Readonly<Record<number, string>> = {
  3: "Fletcher32",
  4: "SZIP",
  32_000: "LZF",
  32_004: "LZ4",
  32_008: "Bitshuffle",
  32_015: "Zstandard",
  32_026: "Blosc2",
};

/** A part of a dataset as it is stored. */
export interface Chunk {
  /** Its first element. */
  readonly start: number;
  /** Where it stands in the file, and how long it is there. */
  readonly address: number;
  readonly bytes: number;
  /** Bit n is set where filter n was left out. */
  readonly filterMask: number;
}

/** A dataset of one dimension. */
export interface Dataset {
  readonly name: string;
  readonly type: DataType;
  /** How many elements it has. */
  readonly length: number;
  /** Filters in the order in which they were applied. */
  readonly filters: readonly number[];
  /** How many elements each chunk has; the last one is filled up. */
  readonly chunkLength: number;
  /** The chunks that are stored, in their order. */
  readonly chunks: readonly Chunk[];
}

/** A chunk of a recording has some 400 kB. */
const largestChunk = 1 << 28;
/** How many elements are taken at a time of a dataset that is not cut into chunks. */
const contiguousStep = 1 << 14;
const mostChunks = 1 << 24;

/** Reads what is known of the dataset at an address, without its elements. */
export async function readDataset(file: Hdf5File, name: string, address: number): Promise<Dataset> {
  const messages = await readMessages(file, address);
  const find = (type: number, what: string): Message => {
    const found = messages.find((message) => message.type === type);
    if (found === undefined) throw file.fail("damaged", `${name} has no ${what}`, address);
    return found;
  };
  const layout = find(messageType.layout, "layout");
  const filters = messages.find(({ type }) => type === messageType.filters);
  try {
    const { type } = readDataType(find(messageType.datatype, "type").data);
    const length = lengthOf(find(messageType.dataspace, "size").data);
    const { chunkLength, chunks } = await readLayout(file, name, layout, type.bytes, length);
    return { name, type, length, filters: filters === undefined ? [] : filtersOf(filters.data), chunkLength, chunks };
  } catch (error) {
    throw file.reading(error, name, address);
  }
}

/** The number of elements: the size of the first dimension, or 1 of none. */
function lengthOf(data: DataView): number {
  const [version, rank] = [data.getUint8(0), data.getUint8(1)];
  return rank === 0 ? 1 : addressAt(data, version === 1 ? 8 : 4);
}

function filtersOf(data: DataView): number[] {
  const [version, count] = [data.getUint8(0), data.getUint8(1)];
  const filters: number[] = [];
  let at = version === 1 ? 8 : 2;
  for (let i = 0; i < count; i++) {
    const id = data.getUint16(at, true);
    const hasName = version === 1 || id >= 256;
    const nameBytes = hasName ? data.getUint16(at + 2, true) : 0;
    const values = data.getUint16(at + (hasName ? 6 : 4), true);
    filters.push(id);
    at += (hasName ? 8 : 6) + (version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes) + 4 * values;
    if (version === 1 && values % 2 === 1) at += 4;
  }
  return filters;
}

const [layoutContiguous, layoutChunked] = [1, 2];

async function readLayout(file: Hdf5File, name: string, layout: Message, elementBytes: number, length: number) {
  const { data, address: at } = layout;
  if (data.getUint8(0) !== 3) throw file.fail("unsupported", `${name} has a layout of version ${data.getUint8(0)}`, at);
  const layoutClass = data.getUint8(1);
  if (layoutClass === layoutContiguous) return contiguous(addressAt(data, 2), elementBytes, length);
  if (layoutClass !== layoutChunked || data.getUint8(2) !== 2) {
    throw file.fail("unsupported", `${name} is not stored in chunks of one dimension`, at);
  }
  const [tree, chunkLength] = [addressAt(data, 3), data.getUint32(11, true)];
  if (chunkLength === 0 || chunkLength * elementBytes > largestChunk || data.getUint32(15, true) !== elementBytes) {
    throw file.fail("damaged", `${name} has chunks of ${chunkLength} elements`, at);
  }
  const chunks: Chunk[] = [];
  if (!isNowhere(tree)) {
    for await (const { key, child } of treeEntries(file, tree, { type: 1, keyBytes: 24 })) {
      const start = addressAt(key, 8);
      if (start >= length || chunks.length === mostChunks) break;
      if (start !== chunks.length * chunkLength) {
        throw file.fail("damaged", `${name} lacks a chunk before ${start}`, tree);
      }
      chunks.push({ start, address: child, bytes: key.getUint32(0, true), filterMask: key.getUint32(4, true) });
    }
  }
  if (chunks.length * chunkLength < length) {
    throw file.fail("damaged", `${name} has ${length} elements, and chunks for ${chunks.length * chunkLength}`, at);
  }
  return { chunkLength, chunks };
}

/** A dataset that stands in one piece is read in steps, as if it had chunks. */
function contiguous(address: number, elementBytes: number, length: number) {
  const chunks: Chunk[] = [];
  for (let start = 0; start < length && !isNowhere(address) && chunks.length < mostChunks; start += contiguousStep) {
    const bytes = Math.min(contiguousStep, length - start) * elementBytes;
    chunks.push({ start, address: address + start * elementBytes, bytes, filterMask: 0 });
  }
  return { chunkLength: contiguousStep, chunks };
}

/** The bytes of a chunk, and whether they are still in ECF, which gives events and no bytes. */
export interface ChunkBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isEcf: boolean;
}

/** Reads a chunk, and takes its filters back, the last first. */
export async function readChunk(file: Hdf5File, dataset: Dataset, chunk: Chunk): Promise<ChunkBytes> {
  let bytes = await file.bytes(chunk.address, chunk.bytes, `a chunk of ${dataset.name}`);
  for (let i = dataset.filters.length - 1; i >= 0; i--) {
    if ((chunk.filterMask >> i) & 1) continue;
    const filter = dataset.filters[i]!;
    const largest = dataset.chunkLength * dataset.type.bytes;
    if (filter === filterIds.deflate) {
      bytes = await inflate(bytes, largest);
    } else if (filter === filterIds.blosc) {
      bytes = await unpackBlosc(bytes, largest);
    } else if (filter === filterIds.shuffle) {
      bytes = unshuffled(bytes, dataset.type.bytes);
    } else if (filter === filterIds.ecf && i === 0) {
      return { bytes, isEcf: true };
    } else {
      const name = filterNames[filter] ?? "unknown";
      throw file.fail("unsupported", `${dataset.name} is packed with filter ${filter} (${name})`, chunk.address);
    }
  }
  return { bytes, isEcf: false };
}
