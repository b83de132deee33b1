import { escapeControls } from "../protocol/descriptors.ts";

/** What {@link Output} needs of a stream; `process.stdout` is one. */
export interface OutputStream {
  write(text: string): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** Lines for a stream that may break: a pipe whose reader has ended (`| head`), a disk that is full. */
export class Output {
  readonly #stream: OutputStream;
  #error: Error | undefined;

  /** Listens to the stream's errors for good: each write that is still under way may fail. */
  constructor(stream: OutputStream) {
    this.#stream = stream;
    stream.on("error", (error) => this.#error ??= error);
  }

  /** Why nothing can be written any more; undefined as long as it can. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Whether the reader has ended, which is no failure. */
  get isUnread(): boolean {
    return this.#error !== undefined && "code" in this.#error && this.#error.code === "EPIPE";
  }

  /**
   * Writes lines, whose text may come from a device or a file: what a terminal would obey is escaped. Does nothing once
   * the stream is broken.
   */
  print(lines: string): void {
    if (this.#error === undefined) this.#stream.write(`${escapeControls(lines)}\n`);
  }
}
