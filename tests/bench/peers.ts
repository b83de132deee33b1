/**
 * `deno task bench:peers`: this library beside the newest decoders and drivers of other projects, pinned packages of PyPI
 * and crates.io. Every decoder gets the same files of EVT3 in turns, and its events are compared with ours; every driver
 * gets the same virtual camera. `tests/bench/README.md` says how it measures.
 *
 *     --rounds N         how often each decodes a file (default 9, after two that are not counted)
 *     --seconds N        how long each driver streams at a rate (default 5); 0: decoders only
 *     --recording FILE   an EVT3 RAW file to decode, too (default: the shared recording, where it is)
 *     --quick            little to do: for a test
 *     --json FILE        writes the report there
 *     --markdown         tables for a document
 *     --update           puts the tables into tests/bench/README.md
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { replaceBetweenMarks } from "./document.ts";
import { writeStreams } from "./native_tool.ts";
import { compareDecoders, decodersTables } from "./peers/decoders.ts";
import { compareDrivers, driversTable } from "./peers/drivers.ts";
import { decodingPrograms, streamingPrograms } from "./peers/programs.ts";

const values = readOptions(import.meta, {
  rounds: { type: "string", default: "9" },
  seconds: { type: "string", default: "5" },
  recording: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
  update: { type: "boolean", default: false },
});
const rounds = values.quick ? 1 : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be 1 or more, not ${values.rounds}`);
const seconds = values.quick ? 0.2 : Number(values.seconds);
if (!(seconds >= 0)) throw new RangeError(`--seconds must be a number from 0 on, not ${values.seconds}`);
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_peers_"));
try {
  const at = conditions();
  const streams = join(folder, "streams");
  mkdirSync(streams);
  const paths = await writeStreams({ bytes: values.quick ? 140_000 : 40 * (128 << 10), recording }, streams);
  const decoders = await compareDecoders(await decodingPrograms(), paths, rounds);
  const drivers = seconds === 0 ? [] : await compareDrivers(await streamingPrograms(), seconds, values.quick ? 1 : 3);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ ...at, rounds, decoders, drivers }));
  const tables = (isMarkdown: boolean): string => {
    const driving = drivers.length === 0 ? [] : [driversTable(drivers, isMarkdown)];
    return [formatConditions(at), decodersTables(decoders, isMarkdown), ...driving].join("\n\n");
  };
  console.log(tables(values.markdown));
  if (values.update) replaceBetweenMarks("bench:peers", [tables(true)]);
} finally {
  rmSync(folder, { recursive: true });
}
