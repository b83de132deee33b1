/**
 * Measures the decoder in the runtime that runs it, with the kernel of the environment, and prints JSON. `decoder.ts` runs
 * it.
 *
 *     decoder_child.ts ROUNDS FILE.raw …
 */

import "../../mod.ts"; // gives the library
import { basename } from "node:path";
import process from "node:process";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { measureDecoding, type Stream } from "./decoding_times.ts";

/** One after the other, so that one at a time is in memory. */
function* streamsOf(paths: readonly string[]): Generator<Stream> {
  for (const path of paths) yield { name: basename(path, ".raw"), bytes: wordsOfRawFile(path) };
}

const [rounds, ...paths] = process.argv.slice(2);
console.log(JSON.stringify(await measureDecoding(streamsOf(paths), Number(rounds))));
