/** A page with this library's decoder, which the comparison with peers measures: it calls `peersPage`. */

import "../../../src/web/wasm/load.ts"; // gives the library
import type { Decoding } from "../peers/decoding.ts";
import { ourDecoding } from "../peers/our_decoding.ts";

const decode = ourDecoding();
const fetched = new Map<string, Uint8Array>();

const peersPage = {
  async decode(name: string): Promise<Decoding> {
    const bytes = fetched.get(name) ?? new Uint8Array(await (await fetch(name)).arrayBuffer());
    fetched.set(name, bytes);
    return (await decode)(bytes);
  },
};

Object.assign(globalThis, { peersPage });
