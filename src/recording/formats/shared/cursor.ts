import type { ByteSource } from "../../source.ts";

/**
 * Reads a source onwards, and lets a reader look at bytes before it takes them. A stream, whose bytes are gone after they
 * were read, is read like a file: what was looked at and not taken is kept.
 */
export class Cursor {
  readonly source: ByteSource;
  #position: number;
  /** Bytes from the position on that were read and not taken. A view of the source's memory, or of `#own`. */
  #held: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #own: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #isAtEnd = false;

  constructor(source: ByteSource, position = 0) {
    this.source = source;
    this.#position = position;
  }

  /** Where the next byte stands in the file. */
  get position(): number {
    return this.#position;
  }

  /** The next bytes, fewer only at the end. Valid until the next call. */
  async peek(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const held = this.#held.length;
    if (held >= length || this.#isAtEnd) return this.#held.subarray(0, length);
    if (held === 0) {
      this.#held = await this.source.read(this.#position, length);
    } else {
      if (this.#own.length < length) {
        const larger = new Uint8Array(length);
        larger.set(this.#held);
        this.#own = larger;
      } else {
        this.#own.set(this.#held);
      }
      // Safe when reading fails: the held bytes stay.
      this.#held = this.#own.subarray(0, held);
      const more = await this.source.read(this.#position + held, length - held);
      this.#own.set(more, held);
      this.#held = this.#own.subarray(0, held + more.length);
    }
    this.#isAtEnd = this.#held.length < length;
    return this.#held;
  }

  /** Takes bytes that were looked at. */
  skip(length: number): void {
    this.#held = this.#held.subarray(length);
    this.#position += length;
  }
}

/** The same bytes, where a typed array with elements of this size can see them. */
export function alignedTo(size: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}
