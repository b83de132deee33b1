/**
 * This library's decoder, measured as the peers are: reads paths of RAW files from stdin, one a line, decodes each, and
 * prints a line of JSON.
 */

import "../../../mod.ts"; // gives the library
import process from "node:process";
import { createInterface } from "node:readline";
import { wordsOfRawFile } from "../../support/raw_file.ts";
import { ourDecoding } from "./our_decoding.ts";

const decode = await ourDecoding();
for await (const path of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(decode(wordsOfRawFile(path))));
}
