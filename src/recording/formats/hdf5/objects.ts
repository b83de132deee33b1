/** Groups and object headers of HDF5, version 1: how paths lead to datasets. */

import { addressAt, type Hdf5File, textAt } from "./file.ts";

/** Numbers of messages in object headers. */
export const messageType = {
  dataspace: 0x01,
  datatype: 0x03,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

/** A message of an object header. */
export interface Message {
  readonly type: number;
  /** Where its data begins in the file. */
  readonly address: number;
  readonly data: DataView<ArrayBuffer>;
}

/** Headers of recordings have some tens of messages. */
const mostMessages = 10_000;

/** All messages of the object header at an address. */
export async function readMessages(file: Hdf5File, address: number): Promise<Message[]> {
  const prefix = await file.view(address, 16, "an object header");
  if (prefix.getUint32(0, true) === 0x5244484f) {
    throw file.fail("unsupported", "HDF5 with object headers of version 2, and Metavision writes 1", address);
  }
  if (prefix.getUint8(0) !== 1) throw file.fail("damaged", "there is no object header", address);
  const messages: Message[] = [];
  const blocks = [{ address: address + 16, length: prefix.getUint32(8, true) }];
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const view = await file.view(block.address, block.length, "an object header");
    for (let at = 0; at + 8 <= view.byteLength;) {
      const [type, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
      const start = at + 8;
      if (start + size > view.byteLength) throw file.fail("damaged", "a message is too long", block.address + at);
      const data = new DataView(view.buffer, start, size);
      messages.push({ type, address: block.address + start, data });
      if (messages.length > mostMessages) throw file.fail("damaged", "an object header goes on without end", address);
      if (type === messageType.continuation && size >= 16) {
        blocks.push({ address: addressAt(data, 0), length: addressAt(data, 8) });
      }
      at = start + size;
    }
  }
  return messages;
}

/** The address of the object with a name in a group; undefined where there is none. */
export async function findMember(
  file: Hdf5File,
  messages: readonly Message[],
  name: string,
): Promise<number | undefined> {
  const table = messages.find(({ type }) => type === messageType.symbolTable);
  if (table === undefined || table.data.byteLength < 16) return undefined;
  const heap = await file.view(addressAt(table.data, 8), 32, "a local heap");
  if (heap.getUint32(0, true) !== 0x50414548) throw file.fail("damaged", "there is no local heap", table.address + 8);
  const names = await file.bytes(addressAt(heap, 24), addressAt(heap, 8), "a local heap's names");
  for await (const address of leaves(file, addressAt(table.data, 0), { type: 0, keyBytes: 8 })) {
    const node = await file.view(address, 8, "a group's node");
    if (node.getUint32(0, true) !== 0x444f4e53) throw file.fail("damaged", "there is no group's node", address);
    const entries = await file.view(address + 8, 40 * node.getUint16(6, true), "a group's node");
    for (let at = 0; at < entries.byteLength; at += 40) {
      if (textAt(names, addressAt(entries, at)) === name) return addressAt(entries, at + 8);
    }
  }
  return undefined;
}

/** Which B-tree: that of a group (0) or of chunks (1), and how long its keys are. */
interface TreeKind {
  readonly type: number;
  readonly keyBytes: number;
}

/** What stands at the leaves of a B-tree of version 1: addresses of a group's nodes. */
async function* leaves(file: Hdf5File, root: number, kind: TreeKind): AsyncGenerator<number> {
  for await (const { child } of treeEntries(file, root, kind)) yield child;
}

/** An entry of a tree's lowest level: its key, and what it leads to. */
export interface TreeEntry {
  readonly key: DataView<ArrayBuffer>;
  readonly child: number;
}

/** A tree of 16 levels would have more chunks than any file. */
const deepest = 16;

/** The entries of a B-tree's lowest level, in their order. */
export async function* treeEntries(
  file: Hdf5File,
  address: number,
  kind: TreeKind,
  below: number = deepest,
): AsyncGenerator<TreeEntry> {
  const head = await file.view(address, 24, "a B-tree");
  const isTree = head.getUint32(0, true) === 0x45455254 && head.getUint8(4) === kind.type;
  const level = head.getUint8(5);
  // Levels fall towards the leaves, so a tree that leads back to itself ends.
  if (!isTree || level >= below) throw file.fail("damaged", "there is no such B-tree", address);
  const step = kind.keyBytes + 8;
  const entries = await file.view(address + 24, step * head.getUint16(6, true), "a B-tree");
  for (let at = 0; at < entries.byteLength; at += step) {
    const child = addressAt(entries, at + kind.keyBytes);
    if (level > 0) yield* treeEntries(file, child, kind, level);
    else yield { key: new DataView(entries.buffer, at, kind.keyBytes), child };
  }
}
