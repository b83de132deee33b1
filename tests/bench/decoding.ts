/** Decoding through the FFI, as programs call it: 128 KiB at a time. */

import { createDecoder } from "../../mod.ts";
import { median, table } from "./measure.ts";
import type { SyntheticStream } from "./streams.ts";

/** One measurement: medians over the runs. */
export interface Decoding {
  readonly name: string;
  readonly megabytesPerSecond: number;
  readonly megaeventsPerSecond: number;
  readonly eventsPerWord: number;
}

const inputLength = 128 << 10;

/** Decodes a stream again and again for about this long. */
export async function runDecoding({ name, bytes }: SyntheticStream, seconds: number): Promise<Decoding> {
  const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const rates: number[] = [];
  let events = 0;
  const endMs = performance.now() + seconds * 1e3;
  do {
    events = 0;
    decoder.reset(); // the stream begins again: its time must not go back, which kernels leave to the scalar decoder
    const startMs = performance.now();
    for (let start = 0; start < bytes.length; start += inputLength) {
      for (const packet of decoder.decode(bytes.subarray(start, start + inputLength))) {
        events += packet.polarityEvents?.t.length ?? 0;
      }
    }
    rates.push(bytes.length / (performance.now() - startMs) / 1e3);
  } while (performance.now() < endMs);
  decoder.close();
  const megabytesPerSecond = median(rates);
  const eventsPerWord = events / (bytes.length / 2);
  return { name, megabytesPerSecond, megaeventsPerSecond: megabytesPerSecond / 2 * eventsPerWord, eventsPerWord };
}

/** The results as a table. */
export function decodingTable(results: readonly Decoding[]): string {
  return table(
    ["decoding", "MB/s", "Mev/s", "events/word"],
    results.map(({ name, megabytesPerSecond, megaeventsPerSecond, eventsPerWord }) => [
      name,
      megabytesPerSecond.toFixed(0),
      megaeventsPerSecond.toFixed(0),
      eventsPerWord.toFixed(2),
    ]),
  );
}
