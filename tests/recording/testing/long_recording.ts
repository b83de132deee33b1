/** Long recordings for tests and benchmarks: words of EVT3, again and again, with a clock that goes on. */

import { closeSync, openSync, writeSync } from "node:fs";

/** The header of the files made here. */
export const header = "% format EVT3;height=720;width=1280\n% end\n";

/** Where the time stands in words: which of them are TIME_HIGHs, and how many steps of 4096 µs one round takes. */
export class RepeatedWords {
  readonly #words: Uint16Array<ArrayBuffer>;
  readonly #timeHighs: readonly number[];
  readonly #steps: readonly number[];
  readonly #roundSteps: number;
  #rounds = 0;

  /** The words must begin with a TIME_HIGH. Times may jump from one round to the next by `pauseSteps` of 4096 µs. */
  constructor(words: Uint16Array, pauseSteps: number = 1) {
    this.#words = new Uint16Array(words);
    const timeHighs: number[] = [];
    words.forEach((word, index) => word >> 12 === 8 && timeHighs.push(index));
    this.#timeHighs = timeHighs;
    const first = words[timeHighs[0]!]! & 0xfff;
    this.#steps = timeHighs.map((index) => ((words[index]! & 0xfff) - first + 4096) % 4096);
    this.#roundSteps = this.#steps.at(-1)! + pauseSteps;
  }

  /** The bytes of the next round; valid until the one after it. */
  next(): Uint8Array<ArrayBuffer> {
    const start = this.#rounds++ * this.#roundSteps;
    this.#timeHighs.forEach((index, at) => this.#words[index] = 0x8000 | (start + this.#steps[at]!) % 4096);
    return new Uint8Array(this.#words.buffer);
  }
}

/** Writes a file of at least so many bytes; returns how often the words are in it. */
export function writeLongRecording(path: string, words: Uint16Array, bytes: number, pauseSteps?: number): number {
  const file = openSync(path, "w");
  const repeated = new RepeatedWords(words, pauseSteps);
  let rounds = 0;
  let written = writeSync(file, header);
  for (; written < bytes; rounds++) written += writeSync(file, repeated.next());
  closeSync(file);
  return rounds;
}
