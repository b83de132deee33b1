/** Synthetic EVT3 streams of different mixes of words; the same words at every run. */

/** A stream with its name. */
export interface SyntheticStream {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const width = 1280;
const height = 720;

class WordWriter {
  readonly #words: Uint16Array;
  #length = 0;
  #timeUs = 0;
  #random = 1;

  constructor(capacity: number) {
    this.#words = new Uint16Array(capacity);
    this.advance(4096);
  }

  get full(): boolean {
    return this.#length > this.#words.length - 256; // more than one turn of any mix writes
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, 2 * this.#length);
  }

  /** A whole number from 0 to below the limit. */
  random(limit: number): number {
    this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
    return Math.floor(this.#random / 2 ** 32 * limit);
  }

  word(word: number): void {
    this.#words[this.#length] = word;
    this.#length += 1;
  }

  /** Lets time pass: TIME_LOW, and TIME_HIGH where it changed. */
  advance(us: number): void {
    const high = this.#timeUs >> 12;
    this.#timeUs += us;
    if (this.#timeUs >> 12 !== high) this.word(0x8000 | (this.#timeUs >> 12) & 0xfff);
    this.word(0x6000 | this.#timeUs & 0xfff);
  }

  row(): void {
    this.word(this.random(height));
  }

  event(): void {
    this.word(0x2000 | this.random(2) << 11 | this.random(width));
  }

  /** VECT_BASE_X and a triplet of 32 pixels, each set with this probability. */
  vectors(probability: number): void {
    this.word(0x3000 | this.random(2) << 11 | 32 * this.random(width / 32));
    for (const [type, bits] of [[0x4000, 12], [0x4000, 12], [0x5000, 8]] as const) {
      let validity = 0;
      for (let bit = 0; bit < bits; bit++) if (this.random(1000) < 1000 * probability) validity |= 1 << bit;
      this.word(type | validity);
    }
  }
}

/** The mixes, from single events to full vectors. */
export function syntheticStreams(words = 1 << 20): SyntheticStream[] {
  const mixes: readonly [string, (writer: WordWriter) => void][] = [
    ["sparse", (writer) => {
      writer.advance(1 + writer.random(20));
      writer.row();
      writer.event();
    }],
    ["mixed", (writer) => {
      writer.advance(1 + writer.random(20));
      writer.row();
      for (let count = writer.random(6); count >= 0; count--) writer.event();
      if (writer.random(2) === 0) writer.vectors(0.2);
    }],
    ["vectors, 30 % set", (writer) => {
      writer.advance(1 + writer.random(20));
      writer.row();
      for (let count = 0; count < 5; count++) writer.vectors(0.3);
    }],
    ["vectors, all set", (writer) => {
      writer.row();
      for (let count = 0; count < 40; count++) writer.vectors(1);
    }],
  ];
  return mixes.map(([name, write]) => {
    const writer = new WordWriter(words);
    while (!writer.full) write(writer);
    return { name, bytes: writer.bytes };
  });
}
