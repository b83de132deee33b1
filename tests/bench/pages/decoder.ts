/** A page that measures the decoder. The benchmark calls `decoderPage`. */

import "../../../src/web/wasm/load.ts"; // gives the library
import { type ChildReport, measureDecoding, type Stream } from "../decoding_times.ts";

async function* streamsOf(names: readonly string[]): AsyncGenerator<Stream> {
  for (const name of names) {
    const answer = await fetch(`${name}.words`);
    yield { name, bytes: new Uint8Array(await answer.arrayBuffer()) };
  }
}

const decoderPage = {
  measure(names: readonly string[], rounds: number): Promise<ChildReport> {
    return measureDecoding(streamsOf(names), rounds);
  },
};

Object.assign(globalThis, { decoderPage });
