import { recordingError } from "./errors.ts";
import type { ByteSource, SourceFiles } from "./source.ts";

/** Bytes that lie in memory. They are not copied: the program leaves them as they are. */
export class BytesSource implements ByteSource {
  readonly name = "bytes";
  readonly isSeekable = true;
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array) {
    const { buffer } = bytes;
    this.#bytes = buffer instanceof ArrayBuffer
      ? new Uint8Array(buffer, bytes.byteOffset, bytes.byteLength)
      : Uint8Array.from(bytes); // shared memory may change while it is read
  }

  get size(): number {
    return this.#bytes.length;
  }

  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(this.#bytes.subarray(position, position + length));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A `Blob`, or a `File` that a page's user has chosen. Parts of it are read when they are asked for. */
export class BlobSource implements ByteSource {
  readonly name: string;
  readonly isSeekable = true;
  readonly modifiedMs: number | undefined;
  readonly #blob: Blob;

  constructor(blob: Blob) {
    const { name, lastModified } = blob as Partial<File>;
    this.name = name || "blob";
    this.modifiedMs = lastModified;
    this.#blob = blob;
  }

  get size(): number {
    return this.#blob.size;
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return new Uint8Array(await this.#blob.slice(position, position + length).arrayBuffer());
    } catch (cause) {
      // The file behind it was changed or deleted after it had been chosen.
      throw recordingError("io", "cannot be read any more", {
        operation: "read recording",
        path: this.name,
        offset: position,
        cause,
      });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A recording in memory: there are no files beside it. */
export function filesInMemory(makeSource: () => ByteSource): SourceFiles {
  return {
    main: makeSource(),
    sibling: () => Promise.resolve(undefined),
    again: () => Promise.resolve(makeSource()),
  };
}
