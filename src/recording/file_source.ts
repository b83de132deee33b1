/** Files: the only part of reading that needs a runtime with `node:` modules. */

import { createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rename as renameFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { isPermitted } from "../native/native.ts";
import { recordingError } from "./errors.ts";
import { readError } from "./file_errors.ts";
import type { ByteSource, SourceFiles } from "./source.ts";
import { StreamSource } from "./stream_source.ts";

/** Reads of at least this many bytes, one after the other, are a program that reads on. */
const smallestReadAhead = 1 << 16;

/** Two buffers: one is read by the program while the system fills the other. */
class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly isSeekable = true;
  readonly #handle: FileHandle;
  #buffers: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] = [new Uint8Array(0), new Uint8Array(0)];
  /** What is being read although it was not asked for yet. */
  #ahead:
    | { readonly position: number; readonly length: number; readonly bytes: Promise<Uint8Array<ArrayBuffer>> }
    | undefined;
  #isClosed = false;

  constructor(
    name: string,
    handle: FileHandle,
    { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
  ) {
    this.name = name;
    this.#handle = handle;
    this.size = size;
    this.modifiedMs = mtimeMs;
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const isNext = ahead !== undefined && ahead.position === position && ahead.length === length;
    if (ahead !== undefined && !isNext) await ahead.bytes.catch(() => {});
    const bytes = await (isNext ? ahead.bytes : this.#fill(position, length));
    const next = position + length;
    if (length >= smallestReadAhead && bytes.length === length && next < this.size && !this.#isClosed) {
      const reading = this.#fill(next, length);
      reading.catch(() => {}); // told when it is asked for
      this.#ahead = { position: next, length, bytes: reading };
    }
    return bytes;
  }

  /** Fills the buffer that the program does not read. */
  async #fill(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    this.#buffers.reverse();
    if (this.#buffers[0].length < wanted) this.#buffers[0] = new Uint8Array(wanted);
    const buffer = this.#buffers[0];
    let filled = 0;
    while (filled < wanted) {
      const count = await this.#readSome(buffer, filled, wanted - filled, position + filled);
      if (count === 0) break; // the file has become shorter
      filled += count;
    }
    return buffer.subarray(0, filled);
  }

  async #readSome(buffer: Uint8Array, at: number, length: number, position: number): Promise<number> {
    try {
      return (await this.#handle.read(buffer, at, length, position)).bytesRead;
    } catch (cause) {
      throw readError(cause, { operation: "read recording", path: this.name, offset: position });
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#ahead?.bytes.catch(() => {});
    this.#ahead = undefined;
    await this.#handle.close().catch(() => {});
  }
}

/**
 * Opens a file for reading; a pipe or a terminal as a stream; of the folder that a ROS 2 bag is, its file.
 *
 * @throws {NeuromorphicError} "file-not-found", "permission-denied", "unsupported" for a folder, "io".
 */
export async function openFiles(pathOrUrl: string | URL): Promise<SourceFiles> {
  const path = await fileOfBag(typeof pathOrUrl === "string" ? pathOrUrl : fileURLToPath(pathOrUrl));
  const main = await openFile(path);
  const beside = (rename: (fileName: string) => string | undefined): string | undefined => {
    const name = rename(basename(path));
    return name === undefined ? undefined : join(dirname(path), name);
  };
  return {
    main,
    async sibling(rename) {
      const sibling = beside(rename);
      return sibling === undefined ? undefined : await openIfThere(sibling);
    },
    ...(main.isSeekable && {
      again: () => openFile(path),
      keep: (rename, bytes) => keepFile(beside(rename)!, bytes),
    }),
  };
}

/** The one file with messages of a ROS 2 bag, which is a folder; any other path as it is. */
async function fileOfBag(path: string): Promise<string> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined || !names.includes("metadata.yaml")) return path;
  const files = names.filter((name) => /\.(mcap|db3)$/.test(name));
  if (files.length === 1) return join(path, files[0]!);
  const what = `is a ROS 2 bag of ${files.length} files: open one of them${files.map((name) => `, ${name}`).join("")}`;
  throw recordingError("unsupported", what, { operation: "open recording", path });
}

async function openFile(path: string): Promise<ByteSource> {
  const operation = { operation: "open recording", path };
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw recordingError("unsupported", "is a folder, not a file", operation);
    if (!facts.isFile()) return new StreamSource(Readable.toWeb(createReadStream(path)) as ReadableStream, path);
    return new FileSource(path, await open(path, "r"), facts);
  } catch (cause) {
    throw readError(cause, operation);
  }
}

async function openIfThere(path: string): Promise<ByteSource | undefined> {
  if (!isPermitted({ name: "read", path })) return undefined;
  try {
    return await openFile(path);
  } catch {
    return undefined;
  }
}

/** Writes a file under another name first, so that there is never a part of one under its own. */
async function keepFile(path: string, bytes: Uint8Array): Promise<boolean> {
  if (!isPermitted({ name: "write", path: dirname(path) })) return false;
  const unfinished = `${path}.${crypto.randomUUID()}.unfinished`;
  try {
    await writeFile(unfinished, bytes, { flag: "wx" });
    await renameFile(unfinished, path);
    return true;
  } catch {
    await rm(unfinished, { force: true }).catch(() => {});
    return false;
  }
}
