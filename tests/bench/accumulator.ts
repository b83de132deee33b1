/**
 * `deno task bench:accumulator`: what pictures of events cost, on every mix of words of EVT3: as a share of one core at
 * 400 MB/s and 60 pictures of 1280 x 720 a second.
 *
 *     --recording FILE   an EVT3 RAW file to measure with, too (default: the shared recording, where it is)
 *     --runtimes LIST    who runs it: deno, bun, node (default deno)
 *     --libraries LIST   native, wasm: which Zig (default: both)
 *     --rounds N         how often each is measured (default 15)
 *     --quick            tiny streams, one round: only to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         tables for a document instead of for a terminal
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { say } from "../../scripts/progress.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { sharedFile } from "../support/shared.ts";
import type { AccumulatorTimes } from "./accumulator_child.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { markdownTable, table } from "./measure.ts";
import { writeStreams } from "./native_tool.ts";

/** Streams in one runtime, by one library. */
export interface AccumulatorReport {
  readonly runtime: string;
  readonly library: string;
  readonly streams: readonly AccumulatorTimes[];
}

const bytesPerSecond = 400e6;
const picturesPerSecond = 60;

const values = readOptions(import.meta, {
  recording: { type: "string" },
  runtimes: { type: "string", default: "deno" },
  libraries: { type: "string", default: "native,wasm" },
  rounds: { type: "string", default: "15" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const rounds = values.quick ? 1 : Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`--rounds must be 1 or more, not ${values.rounds}`);
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);

const { bun, node } = await setUpForTests();
const commands: Readonly<Record<string, readonly string[]>> = {
  deno: [Deno.execPath(), "run", "--allow-all", "--quiet"],
  bun: [bun],
  node: [node],
};

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_"));
try {
  const started = conditions();
  const paths = await writeStreams({ bytes: values.quick ? 140_000 : 40 * (128 << 10), recording }, folder);
  const reports: AccumulatorReport[] = [];
  for (const runtime of values.runtimes.split(",")) {
    for (const library of values.libraries.split(",")) {
      reports.push({ runtime, library, streams: await measureChild(runtime, library, paths) });
    }
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ ...started, reports }, undefined, 2)}\n`);
  }
  if (values.quick) console.log("Tiny streams, measured once: the figures mean nothing.\n");
  console.log(formatConditions(started));
  for (const report of reports) console.log(`\n${reportText(report)}`);
} finally {
  rmSync(folder, { recursive: true });
}

async function measureChild(
  runtime: string,
  library: string,
  paths: readonly string[],
): Promise<readonly AccumulatorTimes[]> {
  const [program, ...parameters] = commands[runtime] ?? [];
  if (program === undefined) throw new RangeError(`--runtimes must be of deno, bun and node, not ${runtime}`);
  say(`${library} accumulators in ${runtime}`);
  const child = join(projectDirectory, "tests", "bench", "accumulator_child.ts");
  return JSON.parse(await runOrThrow(program, [...parameters, child, String(rounds), library, ...paths]));
}

function reportText({ runtime, library, streams }: AccumulatorReport): string {
  const header = [
    `cores, ${library} in ${runtime}`,
    "Mev/s at 400 MB/s",
    "decoding alone",
    "decay by packets",
    "decay from bytes",
    "count from bytes",
    "drawing decay",
    "drawing count",
  ];
  const rows = streams.map((times) => {
    const streamed = (nanoseconds: number) => (nanoseconds / 1e9 * bytesPerSecond / times.bytes).toFixed(2);
    const drawn = (nanoseconds: number) => (nanoseconds / 1e9 * picturesPerSecond).toFixed(2);
    return [
      times.stream,
      Math.round(times.events / times.bytes * bytesPerSecond / 1e6),
      ...[times.decoded, times.packets, times.lastEvents, times.counts].map(streamed),
      ...[times.drawnLastEvents, times.drawnCounts].map(drawn),
    ];
  });
  return (values.markdown ? markdownTable : table)(header, rows);
}
