/** What {@link Output} needs of a stream; `process.stdout` is one. */
export interface OutputStream {
  write(text: string): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** Lines for a stream that may break: a pipe whose reader has ended (`| head`), a disk that is full. */
export class Output {
  readonly #stream: OutputStream;
  #error: Error | undefined;

  constructor(stream: OutputStream) {
    this.#stream = stream;
    stream.on("error", this.#onError);
  }

  /** Why nothing can be written any more; undefined as long as it can. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Whether the reader has ended, which is no failure. */
  get isUnread(): boolean {
    return this.#error !== undefined && "code" in this.#error && this.#error.code === "EPIPE";
  }

  /** Writes a line; does nothing once the stream is broken. */
  print(line: string): void {
    if (this.#error === undefined) this.#stream.write(`${line}\n`);
  }

  /** Stops looking after the stream, unless it is broken: each write that is still under way tells so. */
  close(): void {
    if (this.#error === undefined) this.#stream.off("error", this.#onError);
  }

  readonly #onError = (error: Error): void => {
    this.#error ??= error;
  };
}
