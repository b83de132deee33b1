/**
 * `deno task bench:accumulator`: what pictures of events cost, on every mix of words of EVT3: in cores, at 400 MB/s and
 * 60 pictures of 1280 x 720 a second. `tests/bench/README.md` says what each column is.
 *
 *     --recording FILE   an EVT3 RAW file to measure with, too (default: the shared recording, where it is)
 *     --runtimes LIST    who runs it: deno, bun, node (default deno)
 *     --libraries LIST   native, wasm: which Zig (default: both)
 *     --rounds N         how often each is measured (default 15)
 *     --quick            tiny streams, one round: only to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         tables for a document instead of for a terminal
 *     --update           puts the tables into tests/bench/README.md
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
import { replaceBetweenMarks } from "./document.ts";
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
  update: { type: "boolean", default: false },
});
if (values.update && values.quick) throw new RangeError("--update is not for --quick, whose figures mean nothing");
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
  const text = (
    isMarkdown: boolean,
  ) => [formatConditions(started), ...reports.map((one) => reportText(one, isMarkdown))];
  console.log(text(values.markdown).join("\n\n"));
  if (values.update) replaceBetweenMarks("bench:accumulator", text(true));
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

/** Cores: of bytes to pictures by kind, and what they are made of. */
function reportText({ runtime, library, streams }: AccumulatorReport, isMarkdown: boolean): string {
  const header = [
    `${library} in ${runtime}`,
    "Mev/s",
    "decay",
    "window",
    "count",
    "decoding alone",
    "decay by packets",
    "last events from bytes",
    "counts from bytes",
    "drawing decay",
    "drawing window",
    "drawing count",
  ];
  const rows = streams.map((times) => {
    const streamed = (nanoseconds: number) => nanoseconds / 1e9 * bytesPerSecond / times.bytes;
    const drawn = (nanoseconds: number) => nanoseconds / 1e9 * picturesPerSecond;
    const [lastEvents, counts] = [streamed(times.lastEvents), streamed(times.counts)];
    const drawing = [times.drawnDecay, times.drawnWindow, times.drawnCounts].map(drawn);
    return [
      times.stream,
      Math.round(times.events / times.bytes * bytesPerSecond / 1e6),
      ...[lastEvents, lastEvents, counts].map((cores, index) => (cores + drawing[index]!).toFixed(2)),
      ...[streamed(times.decoded), streamed(times.packets), lastEvents, counts, ...drawing].map((cores) =>
        cores.toFixed(2)
      ),
    ];
  });
  return (isMarkdown ? markdownTable : table)(header, rows);
}
