/** The real recording of the shared data, and its comparison event by event, for tests. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createDecoder, type Decoder } from "../../mod.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { sharedFile } from "../support/shared.ts";

const raw = sharedFile("data/evt3_gen41.raw");
const expected = sharedFile("data/evt3_gen41.events.bin");

/** Why the recording cannot be decoded here. */
export const skipWithoutRecording: string | undefined = raw.skip ?? expected.skip;

/** How many events it has. */
export const recordedEvents = 219_596;

/** Decodes the recording in pieces, and fails at the first event that is not as expected. */
export async function compareRecording(pieces: (bytes: Uint8Array) => Iterable<Uint8Array>): Promise<void> {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const comparison = new Comparison();
  for (const piece of pieces(wordsOfRawFile(raw.path))) comparison.feed(decoder, piece);
  comparison.end();
  assert.equal(decoder.statistics.outOfSensor, 0);
  decoder.close();
}

/** Pieces of one size. */
export function* cutEvery(size: number, bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** Compares what a decoder gives with the expected records, one after the other. */
class Comparison {
  readonly #records: DataView;
  #position = 0;

  constructor() {
    const file = readFileSync(expected.path);
    this.#records = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  feed(decoder: Decoder, bytes: Uint8Array): void {
    for (const { polarityEvents } of decoder.decode(bytes)) {
      if (polarityEvents === undefined) continue;
      const { t, x, y, on } = polarityEvents;
      for (let i = 0; i < t.length; i++) {
        const at = this.#position * 13;
        const same = t[i] === Number(this.#records.getBigUint64(at, true)) &&
          x[i] === this.#records.getUint16(at + 8, true) && y[i] === this.#records.getUint16(at + 10, true) &&
          on[i] === this.#records.getUint8(at + 12);
        if (!same) assert.fail(`event ${this.#position} is (${t[i]}, ${x[i]}, ${y[i]}, ${on[i]})`);
        this.#position += 1;
      }
    }
  }

  end(): void {
    assert.equal(this.#position, recordedEvents);
    assert.equal(this.#position * 13, this.#records.byteLength);
  }
}
