import type { ByteSource, SourceFiles } from "../../../src/recording/source.ts";

/** How a source behaves. */
export interface MemorySourceOptions {
  /** Whether it can only be read onwards, as a stream. Default: false. */
  readonly isStream?: boolean;
  /** Whether it gives all bytes of a call in the same memory, as files do. Default: true. */
  readonly reusesMemory?: boolean;
}

/** Files in memory as a reader gets them, by their names. The first one is the recording. */
export function memoryFiles(
  files: Readonly<Record<string, Uint8Array>>,
  options: MemorySourceOptions = {},
): SourceFiles {
  const [fileName] = Object.keys(files);
  return {
    main: new MemorySource(fileName!, files[fileName!]!, options),
    sibling(rename) {
      const name = rename(fileName!);
      if (options.isStream || name === undefined || files[name] === undefined) return Promise.resolve(undefined);
      return Promise.resolve(new MemorySource(name, files[name], options));
    },
  };
}

/** A source that is as strict as the contract allows: bytes given before are overwritten, those of a stream are gone. */
export class MemorySource implements ByteSource {
  readonly name: string;
  readonly size: number | undefined;
  readonly isSeekable: boolean;
  isClosed = false;
  readonly #bytes: Uint8Array;
  #given: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #gone = 0;

  constructor(name: string, bytes: Uint8Array, { isStream = false }: MemorySourceOptions = {}) {
    this.name = name;
    this.#bytes = bytes;
    this.size = isStream ? undefined : bytes.length;
    this.isSeekable = !isStream;
  }

  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.isClosed) return Promise.reject(new Error("the source was closed before"));
    if (!this.isSeekable && position < this.#gone) {
      return Promise.reject(new Error(`bytes from ${position} to ${this.#gone} are gone`));
    }
    this.#given.fill(0xaa);
    // An odd place in the memory, as that of a part of a larger array.
    const memory = new Uint8Array(Math.min(length, Math.max(0, this.#bytes.length - position)) + 1);
    this.#given = memory.subarray(1);
    this.#given.set(this.#bytes.subarray(position, position + length));
    this.#gone = position + this.#given.length;
    return Promise.resolve(this.#given);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
