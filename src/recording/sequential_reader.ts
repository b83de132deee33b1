import type { ByteSource } from "./source.ts";

/** What is asked of a file at a time: fewer, larger reads. A stream is asked for what is needed, so that it never waits for more. */
const readAhead = 1 << 18;

/** Reads a source from one position onwards, in pieces of any size. */
export class SequentialReader {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart: number;
  /** Where the next bytes come from. */
  position: number;

  constructor(source: ByteSource, position: number = 0) {
    this.#source = source;
    this.#windowStart = position;
    this.position = position;
  }

  /** How many bytes the source has behind the position, where that is known. */
  get left(): number | undefined {
    return this.#source.size === undefined ? undefined : Math.max(0, this.#source.size - this.position);
  }

  /** The next bytes, without going on; fewer only at the end. They are valid until the next call. */
  async peek(length: number): Promise<Uint8Array> {
    const at = this.position - this.#windowStart;
    if (at + length > this.#window.length) await this.#fill(length);
    const start = this.position - this.#windowStart;
    return this.#window.subarray(start, start + length);
  }

  /** The next bytes; fewer only at the end. They are valid until the next call. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.position += bytes.length;
    return bytes;
  }

  async #fill(length: number): Promise<void> {
    const rest = this.#window.subarray(Math.min(this.position - this.#windowStart, this.#window.length));
    const missing = length - rest.length;
    const size = this.#source.isSeekable ? Math.max(missing, readAhead) : missing;
    // What is kept must be copied first: reading may take its place.
    const kept = rest.slice();
    const read = await this.#source.read(this.position + kept.length, size);
    this.#window = kept.length === 0 ? read : joined(kept, read);
    this.#windowStart = this.position;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
