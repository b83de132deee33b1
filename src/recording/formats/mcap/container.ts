/**
 * The container of MCAP: records of u8 opcode, u64 length and content between two magics. Texts and arrays stand behind
 * their length in bytes as u32.
 */

import { Malformed } from "../../codecs/malformed.ts";

/** What a file begins and ends with. */
export const magic = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);

/** Opcode and length of a record. */
export const recordHeaderBytes = 9;

/** Opcodes of records. */
export const opcode = {
  header: 0x01,
  footer: 0x02,
  schema: 0x03,
  channel: 0x04,
  message: 0x05,
  chunk: 0x06,
  messageIndex: 0x07,
  chunkIndex: 0x08,
  statistics: 0x0b,
  metadata: 0x0c,
  metadataIndex: 0x0d,
  summaryOffset: 0x0e,
  dataEnd: 0x0f,
} as const;

const decoder = new TextDecoder();

/** Reads the fields of a record, one after the other. */
export class Fields {
  readonly view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get hasMore(): boolean {
    return this.#at < this.view.byteLength;
  }

  u16(): number {
    return this.view.getUint16(this.#skip(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.#skip(4), true);
  }

  /** A length or a place; a number that is inexact is too large for either. */
  u64(): number {
    const at = this.#skip(8);
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
  }

  text(): string {
    return decoder.decode(this.bytes(this.u32()));
  }

  map(): Record<string, string> {
    const entries = new Fields(this.bytes(this.u32()));
    const map: Record<string, string> = {};
    while (entries.hasMore) map[entries.text()] = entries.text();
    return map;
  }

  bytes(length: number): Uint8Array {
    if (length > this.view.byteLength - this.#at) throw new Malformed("a record ends in a field");
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + this.#at, length);
    this.#at += length;
    return bytes;
  }

  rest(): Uint8Array {
    return this.bytes(this.view.byteLength - this.#at);
  }

  #skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
