import { crc32 } from "../../codecs/crc32.ts";
import type { ByteSink } from "../../sink.ts";
import { bytesOf } from "../shared/header_text.ts";

/** From here on a number needs 64 bits: 0xffffffff itself says so. */
const largest = 0xffffffff;

interface Entry {
  readonly name: Uint8Array;
  readonly checksum: number;
  readonly bytes: number;
  readonly offset: number;
}

/** Writes an archive whose files are not packed. */
export class ZipWriter {
  readonly #sink: ByteSink;
  readonly #largest: number;
  readonly #entries: Entry[] = [];

  /** @param options For tests: from which number on 64 bits are used. */
  constructor(sink: ByteSink, options: { readonly largest?: number } = {}) {
    this.#sink = sink;
    this.#largest = options.largest ?? largest;
  }

  /** Adds a file. */
  async add(fileName: string, parts: readonly Uint8Array[]): Promise<void> {
    let [bytes, checksum] = [0, 0];
    for (const part of parts) {
      bytes += part.length;
      checksum = crc32(part, checksum);
    }
    const entry: Entry = { name: bytesOf(fileName), checksum, bytes, offset: this.#sink.position };
    this.#entries.push(entry);
    // Both sizes stand there, where one of them needs it.
    const large = bytes >= this.#largest ? [bytes, bytes] : [];
    await this.#sink.write(
      fieldsOf(
        [4, 0x04034b50],
        ...commonFields(entry, large),
        [2, entry.name.length],
        [2, large.length === 0 ? 0 : 4 + 8 * large.length],
      ),
    );
    await this.#sink.write(entry.name);
    await this.#sink.write(extraOf(large));
    for (const part of parts) await this.#sink.write(part);
  }

  /** Writes the directory. */
  async end(): Promise<void> {
    const start = this.#sink.position;
    for (const entry of this.#entries) await this.#writeEntry(entry);
    const length = this.#sink.position - start;
    const count = this.#entries.length;
    if (start >= this.#largest || length >= this.#largest) {
      const end = this.#sink.position;
      await this.#sink.write(
        fieldsOf([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, length], [
          8,
          start,
        ]),
      );
      await this.#sink.write(fieldsOf([4, 0x07064b50], [4, 0], [8, end], [4, 1]));
    }
    const capped = (value: number): number => value >= this.#largest ? largest : value;
    await this.#sink.write(
      fieldsOf([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, capped(length)], [4, capped(start)], [
        2,
        0,
      ]),
    );
  }

  async #writeEntry(entry: Entry): Promise<void> {
    const { name, bytes, offset } = entry;
    const isLarge = bytes >= this.#largest;
    const isFar = offset >= this.#largest;
    const large = [...(isLarge ? [bytes, bytes] : []), ...(isFar ? [offset] : [])];
    await this.#sink.write(
      fieldsOf(
        [4, 0x02014b50],
        [2, 45],
        ...commonFields(entry, isLarge ? large : []),
        [2, name.length],
        [2, large.length === 0 ? 0 : 4 + 8 * large.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, isFar ? largest : offset],
      ),
    );
    await this.#sink.write(name);
    await this.#sink.write(extraOf(large));
  }
}

type Field = readonly [bytes: 2 | 4 | 8, value: number];

/** What a file has both before its bytes and in the directory: version, flags, method, time, checksum, sizes. */
function commonFields({ checksum, bytes }: Entry, large: readonly number[]): readonly Field[] {
  const size = large.length === 0 ? bytes : largest;
  // 1980-01-01, as NumPy writes: the same events give the same file.
  return [[2, 45], [2, 0], [2, 0], [2, 0], [2, 0x21], [4, checksum], [4, size], [4, size]];
}

function extraOf(large: readonly number[]): Uint8Array {
  if (large.length === 0) return new Uint8Array(0);
  return fieldsOf([2, 1], [2, 8 * large.length], ...large.map((value): Field => [8, value]));
}

function fieldsOf(...fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    if (size === 8) view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
    at += size;
  }
  return bytes;
}
