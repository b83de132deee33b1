/** Writes RAW files: a text header, and the words of an encoder. */

import { outOfRange } from "../../../checks.ts";
import { createEncoder } from "../../../encoder/create_encoder.ts";
import type { EncodableEvents, EncodedFormat, Encoder } from "../../../encoder/encoder.ts";
import { NeuromorphicError } from "../../../errors.ts";
import { recordingError } from "../../errors.ts";
import type { FormatWriteOptions, FormatWriter } from "../../format.ts";
import { rawHeaderText } from "../../raw_header_text.ts";
import { receiptPathOf } from "../../receipt.ts";
import type { ByteSink, SinkFiles } from "../../sink.ts";

/** Begins a RAW file. A receipt that lies beside it is that of an older one, and goes with it. */
export async function openRawWriter(
  files: SinkFiles,
  { geometry, header }: FormatWriteOptions,
  format: EncodedFormat,
): Promise<FormatWriter> {
  const { main } = files;
  let receipt: ByteSink | undefined;
  try {
    if (main.isSeekable) receipt = await files.sibling(receiptPathOf); // none beside a pipe
    if (receipt?.replaces !== true) await receipt?.abort();
    const encoder = await createEncoder({ format, width: geometry.width, height: geometry.height });
    const text = rawHeaderText({ format, geometry, fields: header });
    await main.write(new TextEncoder().encode(text));
    return new RawWriter(main, receipt, encoder);
  } catch (error) {
    await receipt?.abort();
    await main.abort();
    throw error;
  }
}

/** Begins a RAW file of EVT2.1, in the byte order that `endianness` in the header says: `"legacy"` or `"little"`. */
export async function openRawEvt21Writer(files: SinkFiles, options: FormatWriteOptions): Promise<FormatWriter> {
  const endianness = options.header?.endianness ?? "legacy";
  if (endianness === "legacy") return await openRawWriter(files, options, "evt21-legacy");
  if (endianness === "little") return await openRawWriter(files, options, "evt21");
  await files.main.abort();
  throw outOfRange("header.endianness", '"legacy" or "little"', endianness);
}

class RawWriter implements FormatWriter {
  readonly #sink: ByteSink;
  /** The receipt of an older file of this name. */
  readonly #receipt: ByteSink | undefined;
  readonly #encoder: Encoder;

  constructor(sink: ByteSink, receipt: ByteSink | undefined, encoder: Encoder) {
    this.#sink = sink;
    this.#receipt = receipt;
    this.#encoder = encoder;
  }

  async write(packet: EncodableEvents): Promise<void> {
    const bytes = this.#encode(packet);
    if (bytes.length > 0) await this.#sink.write(bytes);
  }

  /** An encoder's errors, with the file. */
  #encode(packet: EncodableEvents): Uint8Array {
    try {
      return this.#encoder.encode(packet);
    } catch (error) {
      const isUnsupported = error instanceof RangeError ||
        (error instanceof NeuromorphicError && error.code === "unsupported");
      if (!isUnsupported) throw error;
      const operation = { operation: "write", path: this.#sink.name, offset: this.#sink.position, cause: error };
      throw recordingError("unsupported", error.message, operation);
    }
  }

  async close(): Promise<void> {
    this.#encoder.close();
    await this.#sink.close();
    await this.#receipt?.remove?.();
  }

  async abort(): Promise<void> {
    this.#encoder.close();
    await this.#receipt?.abort();
    await this.#sink.abort();
  }
}
