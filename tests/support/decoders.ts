import assert from "node:assert/strict";
import { createDecoder, type Decoder, NeuromorphicError } from "../../mod.ts";

/** How many decoders can be made beside those that there are. */
export async function countFreeDecoders(): Promise<number> {
  const decoders: Decoder[] = [];
  try {
    while (true) decoders.push(await createDecoder({ format: "evt3", width: 1280, height: 720 }));
  } catch (error) {
    assert.ok(error instanceof NeuromorphicError && /too many/.test(error.message), String(error));
  }
  for (const decoder of decoders) decoder.close();
  return decoders.length;
}
