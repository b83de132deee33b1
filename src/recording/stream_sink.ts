import { recordingError } from "./errors.ts";
import { fileError } from "./sink_errors.ts";
import type { ByteSink, SinkFiles } from "./sink.ts";

/** A web stream as a place for a recording. It gets copies of the bytes, in the order of the file, and has no siblings. */
export function streamFiles(stream: WritableStream<Uint8Array>, name = "stream"): SinkFiles {
  return { main: new StreamSink(stream, name), sibling: () => Promise.resolve(undefined) };
}

class StreamSink implements ByteSink {
  readonly name: string;
  readonly isSeekable = false;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #position = 0;
  #isOpen = true;

  constructor(stream: WritableStream<Uint8Array>, name: string) {
    this.name = name;
    this.#writer = stream.getWriter();
    // An error is told by the write or the close that meets it.
    this.#writer.closed.catch(() => {});
  }

  get position(): number {
    return this.#position;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOpen) throw recordingError("closed", "it was closed before", { operation: "write", path: this.name });
    if (bytes.length === 0) return;
    // What the stream leads to may keep them longer than until it has taken them.
    await this.#attempt("write", this.#writer.write(bytes.slice()));
    this.#position += bytes.length;
  }

  writeAt(): Promise<void> {
    return Promise.reject(
      recordingError("unsupported", "a stream cannot be written at a place", { operation: "write", path: this.name }),
    );
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#attempt("close", this.#writer.close());
  }

  async abort(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#writer.abort().catch(() => {});
  }

  async #attempt(operation: string, done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      // Of a stream that fails without telling why, the reason is undefined.
      const cause = error instanceof Error ? error : new Error(String(error));
      throw fileError(cause, { operation, path: this.name, offset: this.#position });
    }
  }
}
