const encoder = new TextEncoder();

/** Gathers bytes, little-endian, in memory that grows. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  /** How many bytes there are: where the next ones go. */
  length = 0;

  constructor(capacity: number = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** All bytes; valid until more are appended. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  /** Begins anew, in the same memory. */
  clear(): void {
    this.length = 0;
  }

  /** Appends a number of bytes that are still to be written, and tells where they begin. */
  skip(count: number): number {
    const at = this.length;
    if (at + count > this.#bytes.length) this.#grow(at + count);
    else this.#bytes.fill(0, at, at + count);
    this.length = at + count;
    return at;
  }

  /** Appends zeros until the length is a multiple of `alignment`. */
  align(alignment: number): void {
    this.skip((alignment - this.length % alignment) % alignment);
  }

  append(bytes: Uint8Array): void {
    const at = this.skip(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Appends UTF-8 text behind its length as u32, as most formats have it. */
  text(text: string): void {
    const bytes = encoder.encode(text);
    this.u32(bytes.length);
    this.append(bytes);
  }

  u8(value: number): void {
    this.setU8(this.skip(1), value);
  }

  u16(value: number): void {
    this.setU16(this.skip(2), value);
  }

  u32(value: number): void {
    this.setU32(this.skip(4), value);
  }

  /** Appends a whole number of up to 53 bits and its sign; a positive one is the same as u64. */
  i64(value: number): void {
    this.setI64(this.skip(8), value);
  }

  u64(value: bigint): void {
    const at = this.skip(8);
    this.#view.setBigUint64(at, value, true);
  }

  f32(value: number): void {
    this.setF32(this.skip(4), value);
  }

  setU8(at: number, value: number): void {
    this.#view.setUint8(at, value);
  }

  setU16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
  }

  setU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  setF32(at: number, value: number): void {
    this.#view.setFloat32(at, value, true);
  }

  setI64(at: number, value: number): void {
    this.#view.setUint32(at, value % 2 ** 32, true);
    this.#view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
