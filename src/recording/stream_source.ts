import { recordingError } from "./errors.ts";
import type { ByteSource } from "./source.ts";

/** A web stream: it is read onwards only, and nothing is kept but the bytes of the last call. */
export class StreamSource implements ByteSource {
  readonly name: string;
  readonly size = undefined;
  readonly isSeekable = false;
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  /** Bytes of the last call, and what came with them: from `#begin` to `#end`. */
  #buffer = new Uint8Array(1 << 17);
  #begin = 0;
  #end = 0;
  /** Where the first of them is in the stream. */
  #position = 0;
  #isAtEnd = false;

  /** @throws {TypeError} where the stream has a reader already. */
  constructor(stream: ReadableStream<unknown>, name: string = "stream") {
    this.name = name;
    this.#reader = stream.getReader();
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position < this.#position) {
      throw recordingError("unsupported", "a stream can only be read onwards", {
        operation: "read recording",
        path: this.name,
        offset: position,
      });
    }
    this.#forget(position);
    while ((this.#position < position || this.#end - this.#begin < length) && !this.#isAtEnd) {
      await this.#receive();
      this.#forget(position);
    }
    return this.#buffer.subarray(this.#begin, Math.min(this.#begin + length, this.#end));
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
    if (this.#end + value.length > this.#buffer.length) this.#makeRoom(value.length);
    this.#buffer.set(value, this.#end);
    this.#end += value.length;
  }

  /** Moves the bytes to the front, of a larger buffer where this one is too small. */
  #makeRoom(length: number): void {
    const bytes = this.#buffer.subarray(this.#begin, this.#end);
    const needed = bytes.length + length;
    if (needed > this.#buffer.length) this.#buffer = new Uint8Array(2 * needed);
    this.#buffer.set(bytes);
    this.#begin = 0;
    this.#end = bytes.length;
  }

  async #next(): Promise<ReadableStreamReadResult<unknown>> {
    try {
      return await this.#reader.read();
    } catch (cause) {
      throw recordingError("io", "the stream fails", {
        operation: "read recording",
        path: this.name,
        offset: this.#position + this.#end - this.#begin,
        cause,
      });
    }
  }

  /** Lets go of the bytes before a position, as far as they have come. */
  #forget(position: number): void {
    const gone = Math.min(position - this.#position, this.#end - this.#begin);
    this.#position += gone;
    this.#begin += gone;
  }

  async close(): Promise<void> {
    this.#isAtEnd = true;
    await this.#reader.cancel().catch(() => {});
  }
}
