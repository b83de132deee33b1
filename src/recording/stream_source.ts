import { recordingError } from "./errors.ts";
import type { ByteSource } from "./source.ts";

/** A web stream: it is read onwards only, and nothing is kept but the bytes of the last call. */
export class StreamSource implements ByteSource {
  readonly name: string;
  readonly size = undefined;
  readonly isSeekable = false;
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  /** Bytes of the stream from `#start` on: those of the last call, and what came with them. */
  #buffer = new Uint8Array(1 << 16);
  #length = 0;
  #start = 0;
  #isAtEnd = false;

  /** @throws {TypeError} where the stream has a reader already. */
  constructor(stream: ReadableStream<unknown>, name: string = "stream") {
    this.name = name;
    this.#reader = stream.getReader();
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position < this.#start) {
      throw recordingError("unsupported", "a stream can only be read onwards", {
        operation: "read recording",
        path: this.name,
        offset: position,
      });
    }
    this.#forget(position);
    while ((this.#start < position || this.#length < length) && !this.#isAtEnd) {
      await this.#receive();
      this.#forget(position);
    }
    return this.#buffer.subarray(0, Math.min(length, this.#length));
  }

  /** Appends what the stream gives next. */
  async #receive(): Promise<void> {
    const { done, value } = await this.#next();
    if (done) {
      this.#isAtEnd = true;
      return;
    }
    if (!(value instanceof Uint8Array)) {
      throw new TypeError(`${this.name} must give Uint8Arrays, not ${typeof value}s`);
    }
    const needed = this.#length + value.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(value, this.#length);
    this.#length = needed;
  }

  async #next(): Promise<ReadableStreamReadResult<unknown>> {
    try {
      return await this.#reader.read();
    } catch (cause) {
      throw recordingError("io", "the stream fails", {
        operation: "read recording",
        path: this.name,
        offset: this.#start + this.#length,
        cause,
      });
    }
  }

  /** Lets go of the bytes before a position, as far as they have come. */
  #forget(position: number): void {
    const gone = Math.min(position - this.#start, this.#length);
    this.#buffer.copyWithin(0, gone, this.#length);
    this.#start += gone;
    this.#length -= gone;
  }

  async close(): Promise<void> {
    this.#isAtEnd = true;
    await this.#reader.cancel().catch(() => {});
  }
}
