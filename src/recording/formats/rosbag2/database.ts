/**
 * Reads tables of an SQLite database, row after row, without SQL. All numbers are big-endian.
 *
 * Pages are numbered from 1; the first one begins with a header of 100 bytes. A table is a B-tree of pages: inner ones
 * have the numbers of others, leaves have rows. A row that is too long for its page goes on in a chain of others.
 */

import type { NeuromorphicError } from "../../../errors.ts";
import { recordingError } from "../../errors.ts";
import type { ByteSource } from "../../source.ts";
import { readRecord, readVarint, type Value } from "./record.ts";

const headerBytes = 100;
const [innerPage, leafPage] = [5, 13];
/** Rows of a recording have at most some MB. */
const largestRow = 1 << 28;

/** A row: its number, and its values. */
export interface Row {
  readonly id: number;
  readonly values: readonly Value[];
  /** Where its page begins in the file. */
  readonly position: number;
}

/** A table: where its tree begins, and the names of its columns. */
export interface Table {
  readonly root: number;
  readonly columns: readonly string[];
}

/** A database in a file. */
export class Database {
  readonly #source: ByteSource;
  readonly #size: number;
  #pageBytes = 0;
  #usableBytes = 0;
  /** Up to which byte of the file it was read, at most. */
  position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#size = source.size!;
  }

  /** Reads the header. @returns What is wrong with the file as a whole; rows may be read all the same. */
  async open(): Promise<NeuromorphicError | undefined> {
    const header = (await this.#source.read(0, headerBytes)).slice();
    if (header.length < headerBytes) throw this.fail("damaged", "truncated: the file ends in its header", 0);
    const view = new DataView(header.buffer);
    const pageBytes = view.getUint16(16);
    this.#pageBytes = pageBytes === 1 ? 65_536 : pageBytes;
    this.#usableBytes = this.#pageBytes - header[20]!;
    const isPage = this.#pageBytes >= 512 && (this.#pageBytes & (this.#pageBytes - 1)) === 0;
    if (!isPage || this.#usableBytes < 480) throw this.fail("damaged", `pages of ${this.#pageBytes} bytes`, 16);
    if (view.getUint32(56) > 1) throw this.fail("unsupported", "an SQLite database that is not in UTF-8", 56);
    const bytes = view.getUint32(28) * this.#pageBytes;
    return this.#size < bytes
      ? this.fail("damaged", `truncated: ${this.#size} bytes of ${bytes}`, this.#size)
      : undefined;
  }

  fail(code: "damaged" | "unsupported", what: string, offset: number): NeuromorphicError {
    return recordingError(code, what, { operation: "read", path: this.#source.name, offset });
  }

  /** The table with a name; undefined where there is none. */
  async table(wanted: string): Promise<Table | undefined> {
    for await (const { values: [type, name, , root, sql] } of this.rows(1)) {
      if (type === "table" && name === wanted && typeof root === "number" && typeof sql === "string") {
        return { root, columns: columnsOf(sql) };
      }
    }
    return undefined;
  }

  /** The rows of the table whose tree begins with a page, in the order of their numbers. */
  async *rows(root: number): AsyncGenerator<Row> {
    const seen = new Set<number>();
    const waiting = [root];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const position = (number - 1) * this.#pageBytes;
      if (seen.has(number)) throw this.fail("damaged", `page ${number} stands twice in a table`, position);
      seen.add(number);
      const page = await this.#page(number);
      const start = number === 1 ? headerBytes : 0;
      const [type, cells] = [page.getUint8(start), page.getUint16(start + 3)];
      if (type !== innerPage && type !== leafPage) {
        throw this.fail("damaged", `page ${number} is of no table`, position);
      }
      const pointers = start + (type === innerPage ? 12 : 8);
      if (pointers + 2 * cells > this.#usableBytes) {
        throw this.fail("damaged", `page ${number} has ${cells} rows`, position);
      }
      const places = Array.from({ length: cells }, (_, i) => page.getUint16(pointers + 2 * i));
      if (places.some((place) => place + 4 > this.#usableBytes)) {
        throw this.fail("damaged", `a row of page ${number} lies outside of it`, position);
      }
      if (type === innerPage) {
        const children = [...places.map((place) => page.getUint32(place)), page.getUint32(start + 8)];
        waiting.push(...children.reverse());
        continue;
      }
      for (const place of places) yield await this.#row(page, place, position);
    }
  }

  /** A copy of a page. */
  async #page(number: number): Promise<DataView<ArrayBuffer>> {
    const at = (number - 1) * this.#pageBytes;
    if (number < 1 || at + this.#pageBytes > this.#size) {
      throw this.fail("damaged", `truncated: page ${number} is not there`, Math.min(Math.max(0, at), this.#size));
    }
    this.position = Math.max(this.position, at + this.#pageBytes);
    return new DataView((await this.#source.read(at, this.#pageBytes)).slice().buffer);
  }

  async #row(page: DataView<ArrayBuffer>, place: number, position: number): Promise<Row> {
    const length = readVarint(page, place);
    const id = readVarint(page, length.end);
    const local = this.#localBytes(length.value);
    if (length.value > Math.min(largestRow, this.#size) || id.end + local > this.#usableBytes) {
      throw this.fail("damaged", `a row of ${length.value} bytes`, position);
    }
    const payload = new Uint8Array(length.value);
    payload.set(new Uint8Array(page.buffer, id.end, local));
    let next = local < length.value ? page.getUint32(id.end + local) : 0;
    for (let at = local; at < length.value;) {
      const more = await this.#page(next);
      const part = Math.min(length.value - at, this.#usableBytes - 4);
      payload.set(new Uint8Array(more.buffer, 4, part), at);
      at += part;
      next = more.getUint32(0);
    }
    const values = readRecord(payload);
    if (values === undefined) throw this.fail("damaged", "a row whose values are longer than it", position);
    return { id: id.value, values, position };
  }

  /** How many bytes of a row stand in its own page. */
  #localBytes(length: number): number {
    const usable = this.#usableBytes;
    if (length <= usable - 35) return length;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (usable - 4));
    return fitting <= usable - 35 ? fitting : least;
  }
}

/** The names in `CREATE TABLE name(column type …, column …)`. */
function columnsOf(sql: string): string[] {
  const inner = sql.slice(sql.indexOf("(") + 1, sql.lastIndexOf(")"));
  return inner.split(",").map((column) => /^\s*["'`[]?(\w+)/.exec(column)?.[1] ?? "");
}
