import type { ByteSink } from "../../../mod.ts";

/** A file in memory that tells how it ended. */
export class CollectingSink implements ByteSink {
  readonly name = "collected";
  readonly isSeekable = true;
  /** What was written, once it is closed. */
  complete: Uint8Array | undefined;
  isAborted = false;
  #bytes: number[] = [];

  get position(): number {
    return this.#bytes.length;
  }

  // deno-lint-ignore require-await -- a mistake rejects, as with other sinks
  async write(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  // deno-lint-ignore require-await -- a mistake rejects, as with other sinks
  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    for (const [index, byte] of bytes.entries()) this.#bytes[position + index] = byte;
  }

  // deno-lint-ignore require-await -- a mistake rejects, as with other sinks
  async close(): Promise<void> {
    this.complete = Uint8Array.from(this.#bytes);
  }

  // deno-lint-ignore require-await -- a mistake rejects, as with other sinks
  async abort(): Promise<void> {
    this.isAborted = true;
  }
}
