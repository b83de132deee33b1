import type { NeuromorphicError } from "../../../errors.ts";
import { recordingError } from "../../errors.ts";
import type { ByteSink, SinkFiles } from "../../sink.ts";

/**
 * A file beside a recording for its triggers. It is there only where there are triggers, and where one of an older recording
 * would be taken for it.
 */
export class SiblingSink {
  readonly #sink: ByteSink | undefined;
  #isWanted: boolean;

  private constructor(sink: ByteSink | undefined) {
    this.#sink = sink;
    this.#isWanted = sink?.replaces ?? false;
  }

  /** @throws {NeuromorphicError} "file-exists" where one is there, so that this is known before anything is written. */
  static async open(files: SinkFiles, rename: (fileName: string) => string): Promise<SiblingSink> {
    return new SiblingSink(await files.sibling(rename));
  }

  /** Whether there can be one: not beside a stream. */
  get isThere(): boolean {
    return this.#sink !== undefined;
  }

  /** The error of triggers that have no place. */
  missing(path: string, format: string): NeuromorphicError {
    const what = `${format} has triggers in a file of their own, and beside a stream there is none`;
    return recordingError("unsupported", what, { operation: "write", path });
  }

  /** Writes its header. */
  async begin(header: Uint8Array): Promise<void> {
    await this.#sink?.write(header);
  }

  /** Writes triggers. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#isWanted = true;
    await this.#sink!.write(bytes);
  }

  /** Completes it, where it has something to tell. */
  async close(): Promise<void> {
    await (this.#isWanted ? this.#sink?.close() : this.#sink?.abort());
  }

  /** Throws it away. */
  async abort(): Promise<void> {
    await this.#sink?.abort();
  }
}
