/**
 * `deno task bench`: the whole path from the virtual camera, which runs on the same machine, to a loop.
 *
 *     --recording PATH   a RAW file (EVT3) to measure with, too (default: the shared recording, where it is)
 *     --seconds N        for each measurement (default 3)
 *     --quick            a moment for each: only to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         a table for a document instead of for a terminal
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { type EndToEnd, endToEndTable, runEndToEnd, scenarios } from "./end_to_end.ts";
import { writeStreams } from "./native_tool.ts";

const values = readOptions(import.meta, {
  recording: { type: "string" },
  seconds: { type: "string", default: "3" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const seconds = values.quick ? 0.01 : Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds must be a number above 0, not ${values.seconds}`);
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_"));
try {
  const all = await writeStreams({ bytes: values.quick ? 140_000 : 5 << 20, recording }, folder);
  const paths = all.filter((path) => basename(path) !== "random.raw"); // which has no time that could be replayed
  const started = conditions();
  const endToEnd: EndToEnd[] = [];
  for (const scenario of scenarios(paths)) endToEnd.push(await runEndToEnd(scenario, seconds));
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ ...started, seconds, endToEnd }, undefined, 2)}\n`);
  }
  console.log(`${formatConditions(started)}\n\n${endToEndTable(endToEnd, values.markdown)}`);
} finally {
  rmSync(folder, { recursive: true });
}
