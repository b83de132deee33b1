/**
 * `deno task bench`: decoding, and the whole path from the virtual camera to a loop.
 *
 *     --recording PATH   a RAW file (EVT3) to measure with, too
 *     --seconds N        for each measurement (default 3)
 *     --json             the results as JSON instead of tables
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { type Decoding, decodingTable, runDecoding } from "./decoding.ts";
import { type EndToEnd, endToEndTable, runEndToEnd, scenarios } from "./end_to_end.ts";
import { syntheticStreams } from "./streams.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: { recording: { type: "string" }, seconds: { type: "string", default: "3" }, json: { type: "boolean" } },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds must be a number above 0, not ${values.seconds}`);
const { recording } = values;

const streams = syntheticStreams();
if (recording !== undefined) streams.unshift({ name: "recording", bytes: wordsOfRawFile(recording) });

const decoding: Decoding[] = [];
for (const stream of streams) decoding.push(await runDecoding(stream, seconds));
const endToEnd: EndToEnd[] = [];
for (const scenario of scenarios(recording)) endToEnd.push(await runEndToEnd(scenario, seconds));

console.log(
  values.json
    ? JSON.stringify({ decoding, endToEnd }, undefined, 2)
    : `${decodingTable(decoding)}\n\n${endToEndTable(endToEnd)}`,
);
