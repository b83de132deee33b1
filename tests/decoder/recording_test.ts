/** The real recording of the shared data, event by event. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createDecoder, type Decoder } from "../../mod.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { sharedFile } from "../support/shared.ts";

const raw = sharedFile("data/evt3_gen41.raw");
const expected = sharedFile("data/evt3_gen41.events.bin");
const skip = raw.skip ?? expected.skip ?? false;

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
    assert.equal(this.#position, 219_596);
    assert.equal(this.#position * 13, this.#records.byteLength);
  }
}

async function decodeIn(pieces: (bytes: Uint8Array) => Iterable<Uint8Array>): Promise<void> {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const comparison = new Comparison();
  for (const piece of pieces(wordsOfRawFile(raw.path))) comparison.feed(decoder, piece);
  comparison.end();
  assert.equal(decoder.statistics.outOfSensor, 0);
  decoder.close();
}

test("the recording decodes to its 219,596 events", { skip }, () => decodeIn((bytes) => [bytes]));

/** Under Bun a packet costs some 100 µs, whatever its size: sizes below this would take minutes. */
const smallestCut = "Bun" in globalThis ? 56 : 1;

test(`cut at every size from ${smallestCut} to 64 bytes it gives the same`, { skip, timeout: 900_000 }, async () => {
  for (let size = smallestCut; size <= 64; size++) {
    await decodeIn(function* (bytes) {
      for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
    });
  }
});

test("cut at random places it gives the same", { skip, timeout: 900_000 }, async (context) => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  context.diagnostic?.(`seed ${seed}`);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  try {
    await decodeIn(function* (bytes) {
      for (let start = 0; start < bytes.length;) {
        const end = start + 1 + Math.floor(random() * 5000);
        yield bytes.subarray(start, end);
        start = end;
      }
    });
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
});
