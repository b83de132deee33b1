/** Writes small HDF5 files in the subset that Metavision uses, for tests of the reader: superblock 0, symbol tables. */

/** A dataset of one dimension. */
export interface MadeDataset {
  /** Its datatype message. */
  readonly type: Uint8Array;
  readonly elementBytes: number;
  readonly length: number;
  /** Undefined: in one piece, which is the only one of `chunks`. */
  readonly chunkLength?: number;
  readonly filters?: readonly number[];
  readonly chunks: readonly { readonly bytes: Uint8Array; readonly filterMask?: number }[];
}

/** A group: its members by their names, in alphabetical order. */
export interface MadeGroup {
  readonly [name: string]: MadeGroup | MadeDataset;
}

const nowhere = 0xffff_ffff_ffff_ffffn;

/** A file with attributes at its root. */
export function hdf5File(root: MadeGroup, attributes: Readonly<Record<string, string>> = {}): Uint8Array {
  const file = new Writer();
  file.skip(96);
  const messages = Object.entries(attributes).map(([name, value]) => textAttribute(file, name, value));
  const rootAt = writeGroup(file, root, messages);
  file.set(0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0]);
  file.set64(24, 0n);
  file.set64(32, nowhere);
  file.set64(40, BigInt(file.length));
  file.set64(48, nowhere);
  file.set64(64, BigInt(rootAt));
  return file.bytes;
}

/** The datatype of a little-endian whole number. */
export function integerType(bytes: number, isSigned: boolean): Uint8Array {
  return Uint8Array.of(0x10, isSigned ? 8 : 0, 0, 0, bytes, 0, 0, 0, 0, 0, 8 * bytes, 0);
}

/** The datatype of a record. */
export function compoundType(bytes: number, members: readonly [name: string, offset: number, type: Uint8Array][]) {
  const parts = members.flatMap(([name, offset, type]) => [...padded(name), offset, ...new Array(31).fill(0), ...type]);
  return Uint8Array.from([0x16, members.length, 0, 0, bytes, 0, 0, 0, ...parts.map((part) => part & 255)]);
}

class Writer {
  #bytes = new Uint8Array(1 << 16);
  length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  skip(count: number): number {
    this.length = Math.ceil(this.length / 8) * 8;
    const at = this.length;
    while (at + count > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.length += count;
    return at;
  }

  add(bytes: ArrayLike<number>): number {
    const at = this.skip(bytes.length);
    this.#bytes.set(bytes, at);
    return at;
  }

  set(at: number, bytes: ArrayLike<number>): void {
    this.#bytes.set(bytes, at);
  }

  set64(at: number, value: bigint): void {
    new DataView(this.#bytes.buffer).setBigUint64(at, value, true);
  }
}

const le = (value: number | bigint, bytes: number) =>
  Array.from({ length: bytes }, (_, i) => Number(BigInt(value) >> BigInt(8 * i) & 255n));

function padded(name: string): number[] {
  const bytes = [...new TextEncoder().encode(name), 0];
  while (bytes.length % 8 !== 0) bytes.push(0);
  return bytes;
}

type MadeMessage = readonly [type: number, data: readonly number[]];

/** An object header, whose last message stands in a second block, as when a group grew. */
function writeHeader(file: Writer, messages: readonly MadeMessage[]): number {
  const encoded = messages.map(([type, data]) => {
    const body = [...data];
    while (body.length % 8 !== 0) body.push(0);
    return [...le(type, 2), ...le(body.length, 2), 0, 0, 0, 0, ...body];
  });
  const [firsts, last] = [encoded.slice(0, -1).flat(), encoded.at(-1)!];
  const continued = file.add(last);
  const link = [...le(0x10, 2), ...le(16, 2), 0, 0, 0, 0, ...le(continued, 8), ...le(last.length, 8)];
  const block = [...link, ...firsts];
  return file.add([1, 0, ...le(messages.length + 1, 2), ...le(1, 4), ...le(block.length, 4), 0, 0, 0, 0, ...block]);
}

function textAttribute(file: Writer, name: string, value: string): MadeMessage {
  const text = new TextEncoder().encode(value);
  const size = 32 + Math.ceil(text.length / 8) * 8 + 16;
  const heap = [
    0x47,
    0x43,
    0x4f,
    0x4c,
    1,
    0,
    0,
    0,
    ...le(size, 8),
    1,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    ...le(text.length, 8),
    ...text,
  ];
  const at = file.add([...heap, ...new Array(size - heap.length).fill(0)]);
  const type = [0x19, 1, 0, 0, 16, 0, 0, 0, 0x13, 0, 0, 0, 1, 0, 0, 0];
  const space = [1, 0, 0, 0, 0, 0, 0, 0];
  const nameBytes = new TextEncoder().encode(name).length + 1;
  const value16 = [...le(text.length, 4), ...le(at, 8), ...le(1, 4)];
  return [0x0c, [1, 0, ...le(nameBytes, 2), ...le(16, 2), ...le(8, 2), ...padded(name), ...type, ...space, ...value16]];
}

function writeGroup(file: Writer, group: MadeGroup, messages: readonly MadeMessage[] = []): number {
  const members = Object.entries(group).map(([name, member]) => ({
    name,
    at: "chunks" in member ? writeDataset(file, member as MadeDataset) : writeGroup(file, member as MadeGroup),
  }));
  const names: number[] = [0, 0, 0, 0, 0, 0, 0, 0];
  const entries = members.flatMap(({ name, at }) => {
    const entry = [...le(names.length, 8), ...le(at, 8), ...new Array(24).fill(0)];
    names.push(...padded(name));
    return entry;
  });
  const node = file.add([0x53, 0x4e, 0x4f, 0x44, 1, 0, ...le(members.length, 2), ...entries]);
  const segment = file.add(names);
  const heap = file.add([0x48, 0x45, 0x41, 0x50, 0, 0, 0, 0, ...le(names.length, 8), ...le(1, 8), ...le(segment, 8)]);
  const tree = file.add([...treeHead(0, 0, 1), ...le(0, 8), ...le(node, 8), ...le(8, 8)]);
  return writeHeader(file, [...messages, [0x11, [...le(tree, 8), ...le(heap, 8)]]]);
}

function treeHead(type: number, level: number, entries: number): number[] {
  return [0x54, 0x52, 0x45, 0x45, type, level, ...le(entries, 2), ...le(nowhere, 8), ...le(nowhere, 8)];
}

/** So few chunks in a leaf, that trees of two levels are made, too. */
const chunksOfLeaf = 3;

function writeDataset(file: Writer, dataset: MadeDataset): number {
  const { type, elementBytes, length, chunkLength, filters = [], chunks } = dataset;
  const space = [1, 1, 1, 0, 0, 0, 0, 0, ...le(length, 8), ...le(nowhere, 8)];
  const layout = chunkLength === undefined
    ? [3, 1, ...le(file.add(chunks[0]!.bytes), 8), ...le(chunks[0]!.bytes.length, 8)]
    : [3, 2, 2, ...le(writeChunks(file, dataset), 8), ...le(chunkLength, 4), ...le(elementBytes, 4)];
  const pipeline = [1, filters.length, 0, 0, 0, 0, 0, 0].concat(
    filters.flatMap((id) => [...le(id, 2), 8, 0, 1, 0, 1, 0, ...padded("filter"), ...le(0, 8)]),
  );
  const messages: MadeMessage[] = [[0x01, space], [0x03, [...type]], [0x08, layout]];
  return writeHeader(file, filters.length === 0 ? messages : [...messages, [0x0b, pipeline]]);
}

function writeChunks(file: Writer, { chunks, chunkLength, elementBytes }: MadeDataset): bigint {
  if (chunks.length === 0) return nowhere;
  const entries = chunks.map(({ bytes, filterMask = 0 }, index) => [
    ...[...le(bytes.length, 4), ...le(filterMask, 4), ...le(index * chunkLength!, 8), ...le(0, 8)],
    ...le(file.add(bytes), 8),
  ]);
  const lastKey = [...le(0, 8), ...le(chunks.length * chunkLength!, 8), ...le(elementBytes, 8)];
  const leaves: { key: number[]; at: number }[] = [];
  for (let i = 0; i < entries.length; i += chunksOfLeaf) {
    const part = entries.slice(i, i + chunksOfLeaf);
    leaves.push({
      key: part[0]!.slice(0, 24),
      at: file.add([...treeHead(1, 0, part.length), ...part.flat(), ...lastKey]),
    });
  }
  const inner = leaves.flatMap(({ key, at }) => [...key, ...le(at, 8)]);
  return BigInt(file.add([...treeHead(1, 1, leaves.length), ...inner, ...lastKey]));
}
