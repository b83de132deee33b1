import { recordingError } from "./errors.ts";
import type { ByteSink, SinkFiles } from "./sink.ts";

/**
 * Files in memory, for web pages and tests: what a page offers for download, or posts.
 *
 * ```ts
 * import { csv, MemoryFiles } from "@neuromorphic/drivers";
 *
 * const files = new MemoryFiles("a.csv");
 * const writer = await csv.openWriter!(files, { geometry: { width: 1280, height: 720 } });
 * await writer.close(); // in between, a write for each packet
 * const blob = new Blob([files.complete.get("a.csv")!]);
 * console.log(await blob.text()); // t,x,y,p
 * ```
 */
export class MemoryFiles implements SinkFiles {
  /** The files that were closed, by their names, in the order of closing. */
  readonly complete: Map<string, Uint8Array<ArrayBuffer>> = new Map();
  /** The recording itself. */
  readonly main: ByteSink;
  readonly #fileName: string;

  /**
   * No file has been written yet.
   *
   * @param fileName What the recording is called. Default: `"bytes"`.
   */
  constructor(fileName = "bytes") {
    this.#fileName = fileName;
    this.main = new MemorySink(fileName, this.complete);
  }

  /** Begins another file. */
  sibling(rename: (fileName: string) => string): Promise<ByteSink> {
    return Promise.resolve(new MemorySink(rename(this.#fileName), this.complete));
  }
}

class MemorySink implements ByteSink {
  readonly name: string;
  readonly isSeekable = true;
  readonly #complete: Map<string, Uint8Array<ArrayBuffer>>;
  #bytes = new Uint8Array(4096);
  #position = 0;
  #isOpen = true;

  constructor(name: string, complete: Map<string, Uint8Array<ArrayBuffer>>) {
    this.name = name;
    this.#complete = complete;
  }

  get position(): number {
    return this.#position;
  }

  // deno-lint-ignore require-await -- a mistake rejects, as with other sinks
  async write(bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    const end = this.#position + bytes.length;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(bytes, this.#position);
    this.#position = end;
  }

  // deno-lint-ignore require-await -- a mistake rejects, as with other sinks
  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    if (position + bytes.length > this.#position) {
      throw new RangeError(`position must be at most ${this.#position - bytes.length}, not ${position}`);
    }
    this.#bytes.set(bytes, position);
  }

  close(): Promise<void> {
    if (this.#isOpen) this.#complete.set(this.name, this.#bytes.slice(0, this.#position));
    return this.abort();
  }

  abort(): Promise<void> {
    this.#isOpen = false;
    this.#bytes = new Uint8Array(0);
    return Promise.resolve();
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) {
      throw recordingError("closed", "it was closed before", { operation: "write", path: this.name });
    }
  }

  #grow(needed: number): void {
    try {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#position));
      this.#bytes = larger;
    } catch (cause) {
      throw recordingError("no-space", "there is not enough memory", { operation: "write", path: this.name, cause });
    }
  }
}
