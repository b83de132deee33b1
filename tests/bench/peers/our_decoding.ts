/** This library's decoder, measured as the peers are. Nothing here names a runtime, so that a page can do it. */

import type { Decoder } from "../../../src/decoder/decoder.ts";
import { createDecoder } from "../../../src/decoder/create_decoder.ts";
import type { PolarityEvents } from "../../../src/packets/columns.ts";
import type { Decoding } from "./decoding.ts";

/** Bytes that a camera's transfer has. */
const partBytes = 128 << 10;

/** The whole numbers of a Float64Array end here. */
const modulus = 2 ** 53;

function decodeAll(decoder: Decoder, bytes: Uint8Array, look: (events: PolarityEvents) => void): void {
  decoder.reset();
  for (let at = 0; at < bytes.length; at += partBytes) {
    for (const { polarityEvents } of decoder.decode(bytes.subarray(at, at + partBytes))) {
      if (polarityEvents !== undefined) look(polarityEvents);
    }
  }
}

function sumsOf(decoder: Decoder, bytes: Uint8Array): Decoding["sums"] {
  const sums: Decoding["sums"] = [0, 0, 0, 0];
  decodeAll(decoder, bytes, ({ t, x, y, on }) => {
    for (const [index, column] of [t, x, y, on].entries()) {
      for (const value of column) sums[index] = (sums[index]! + value) % modulus;
    }
  });
  return sums;
}

/** Makes a function that decodes the words of a file from memory, in parts as a camera's transfers are. */
export async function ourDecoding(): Promise<(bytes: Uint8Array) => Decoding> {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720, reuseBuffers: true });
  return (bytes) => {
    let events = 0;
    const startMs = performance.now();
    decodeAll(decoder, bytes, ({ t }) => events += t.length);
    const seconds = (performance.now() - startMs) / 1e3;
    return { events, sums: sumsOf(decoder, bytes), seconds };
  };
}
