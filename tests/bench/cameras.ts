/**
 * `deno task bench:cameras`: several virtual cameras at once on this machine, under each runtime: all in one event loop,
 * and each in a Worker of its own. Nothing may be dropped.
 *
 *     --cameras N        how many (default 4)
 *     --rate N           MB/s of the scene that each sends (default 100)
 *     --seconds N        for each measurement (default 5)
 *     --runtimes LIST    default deno,bun,node
 *     --ways LIST        default loop,workers
 *     --reuse-buffers    with `reuseBuffers`, instead of with packets that own their memory
 *     --transfers N      transfers in flight for each camera (default 32, of 128 KiB)
 *     --busy N           beside N programs that want a processor all the time (default 0)
 *     --rounds N         how often each is measured, in turns (default 1); the table has medians
 *     --quick            a moment for each: only to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         a table for a document instead of for a terminal
 */

import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { say } from "../../scripts/progress.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import type { CamerasMeasurement, CamerasTask } from "./cameras_child.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { markdownTable, median, table } from "./measure.ts";

/** What one runtime did in one way. */
export interface CamerasResult {
  readonly runtime: string;
  readonly way: string;
  readonly rounds: readonly CamerasMeasurement[];
}

const values = readOptions(import.meta, {
  cameras: { type: "string", default: "4" },
  rate: { type: "string", default: "100" },
  seconds: { type: "string", default: "5" },
  runtimes: { type: "string", default: "deno,bun,node" },
  ways: { type: "string", default: "loop,workers" },
  "reuse-buffers": { type: "boolean", default: false },
  transfers: { type: "string", default: "32" },
  busy: { type: "string", default: "0" },
  rounds: { type: "string", default: "1" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const task: Omit<CamerasTask, "inWorkers"> = {
  cameras: atLeast("cameras", 1),
  bytesPerSecond: 1e6 * atLeast("rate", 1),
  seconds: values.quick ? 0.1 : atLeast("seconds", 0.1),
  warmUpSeconds: values.quick ? 0 : 1,
  reuseBuffers: values["reuse-buffers"],
  transferQueueLength: atLeast("transfers", 1),
};
const rounds = values.quick ? 1 : atLeast("rounds", 1);

const started = conditions();
const busy = Array.from({ length: atLeast("busy", 0) }, startBusyLoop);
try {
  const results = await measureAll();
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ ...started, ...task, results }, undefined, 2)}\n`);
  }
  console.log([formatConditions(started), camerasTable(results, values.markdown)].join("\n\n"));
} finally {
  for (const program of busy) program.kill();
}

function atLeast(name: "cameras" | "rate" | "seconds" | "transfers" | "busy" | "rounds", least: number): number {
  const value = Number(values[name]);
  if (!(value >= least)) throw new RangeError(`--${name} must be ${least} or more, not ${values[name]}`);
  return value;
}

/** A program that wants a processor all the time. */
function startBusyLoop(): ChildProcess {
  return spawn("sh", ["-c", "while :; do :; done"], { stdio: "ignore" });
}

async function measureAll(): Promise<readonly CamerasResult[]> {
  const { bun, node } = await setUpForTests();
  const commands: Readonly<Record<string, readonly string[]>> = {
    deno: [Deno.execPath(), "run", "--allow-all", "--quiet"],
    bun: [bun],
    node: [node],
  };
  const results = values.runtimes.split(",").flatMap((runtime) =>
    values.ways.split(",").map((way) => ({ runtime, way, rounds: [] as CamerasMeasurement[] }))
  );
  for (let round = 0; round < rounds; round++) {
    for (const { runtime, way, rounds: measured } of results) {
      const command = commands[runtime];
      if (command === undefined) throw new RangeError(`--runtimes must be of deno, bun and node, not ${runtime}`);
      if (way !== "loop" && way !== "workers") throw new RangeError(`--ways must be of loop and workers, not ${way}`);
      say(`${task.cameras} cameras, ${runtime}, ${way}, round ${round + 1} of ${rounds}`);
      measured.push(await measureOnce(command, { ...task, inWorkers: way === "workers" }));
    }
  }
  return results;
}

async function measureOnce(command: readonly string[], whole: CamerasTask): Promise<CamerasMeasurement> {
  const child = join(projectDirectory, "tests", "bench", "cameras_child.ts");
  const [program, ...parameters] = command;
  return JSON.parse(await runOrThrow(program!, [...parameters, child, JSON.stringify(whole)]));
}

/** Medians of all rounds; of what is lost the sum. */
function camerasTable(results: readonly CamerasResult[], isMarkdown: boolean): string {
  return (isMarkdown ? markdownTable : table)(
    [
      `${task.cameras} × ${task.bytesPerSecond / 1e6} MB/s`,
      "MB/s",
      "Mev/s",
      "dropped B",
      "lost in camera B",
      "delay ms p50",
      "p99",
      "longest",
      "CPU s/s",
      "of it readers and cameras",
    ],
    results.map(({ runtime, way, rounds: measured }) => {
      const of = (figure: (measurement: CamerasMeasurement) => number) => median(measured.map(figure));
      const sum = (figure: (measurement: CamerasMeasurement) => number) =>
        measured.reduce((total, measurement) => total + figure(measurement), 0);
      return [
        `${runtime}, ${way === "loop" ? "one event loop" : "a Worker each"}`,
        of(({ megabytesPerSecond }) => megabytesPerSecond).toFixed(0),
        of(({ megaeventsPerSecond }) => megaeventsPerSecond).toFixed(1),
        sum(({ droppedBytes }) => droppedBytes),
        sum(({ lostInCamera }) => lostInCamera),
        of(({ medianDelayMs }) => medianDelayMs).toFixed(2),
        of(({ p99DelayMs }) => p99DelayMs).toFixed(2),
        of(({ longestDelayMs }) => longestDelayMs).toFixed(1),
        of(({ cpuShare }) => cpuShare).toFixed(2),
        of(({ readerShare }) => readerShare ?? Number.NaN).toFixed(2),
      ];
    }),
  );
}
