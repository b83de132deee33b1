/**
 * `deno task bench`: the whole path from the virtual camera, which runs on the same machine, to a loop; and what it costs
 * that packets own their memory, beside reused buffers, in turns, under each runtime.
 *
 *     --recording PATH   a RAW file (EVT3) to measure with, too (default: the shared recording, where it is)
 *     --seconds N        for each measurement (default 3)
 *     --reuse-buffers    the whole path with `reuseBuffers`, instead of with packets that own their memory
 *     --compare          only the comparison of the two
 *     --runtimes LIST    which runtimes compare (default deno,bun,node)
 *     --rounds N         how often they measure each (default 5)
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
import { compareReuse, reuseTable } from "./reuse.ts";

const values = readOptions(import.meta, {
  recording: { type: "string" },
  seconds: { type: "string", default: "3" },
  "reuse-buffers": { type: "boolean", default: false },
  compare: { type: "boolean", default: false },
  runtimes: { type: "string", default: "deno,bun,node" },
  rounds: { type: "string", default: "5" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const seconds = values.quick ? 0.01 : Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds must be a number above 0, not ${values.seconds}`);
const rounds = values.quick ? 1 : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be 1 or more, not ${values.rounds}`);
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_"));
try {
  const started = conditions();
  const endToEnd = values.compare ? [] : await measureEndToEnd();
  const reuse = await compareReuse(values.runtimes.split(","), rounds, seconds);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ ...started, seconds, endToEnd, reuse }, undefined, 2)}\n`);
  }
  const tables = endToEnd.length === 0 ? [] : [endToEndTable(endToEnd, values.markdown)];
  console.log([formatConditions(started), ...tables, reuseTable(reuse, values.markdown)].join("\n\n"));
} finally {
  rmSync(folder, { recursive: true });
}

async function measureEndToEnd(): Promise<EndToEnd[]> {
  const all = await writeStreams({ bytes: values.quick ? 140_000 : 5 << 20, recording }, folder);
  const paths = all.filter((path) => basename(path) !== "random.raw"); // which has no time that could be replayed
  const results: EndToEnd[] = [];
  for (const scenario of scenarios(paths)) {
    results.push(await runEndToEnd(scenario, { seconds, reuseBuffers: values["reuse-buffers"] }));
  }
  return results;
}
