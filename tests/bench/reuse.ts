/** Packets that own their memory beside packets whose buffers are reused, under each runtime. */

import { join } from "node:path";
import { runOrThrow } from "../../scripts/commands.ts";
import { say } from "../../scripts/progress.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { markdownTable, median, table } from "./measure.ts";
import type { ReuseComparison, ReuseRound } from "./reuse_child.ts";

/** What one runtime did. */
export interface ReuseReport {
  readonly runtime: string;
  readonly comparisons: readonly ReuseComparison[];
}

/** Measures each runtime. */
export async function compareReuse(
  runtimes: readonly string[],
  rounds: number,
  seconds: number,
): Promise<ReuseReport[]> {
  const { bun, node } = await setUpForTests();
  const commands: Readonly<Record<string, readonly string[]>> = {
    deno: [Deno.execPath(), "run", "--allow-all", "--quiet"],
    bun: [bun],
    node: [node],
  };
  const child = join(projectDirectory, "tests", "bench", "reuse_child.ts");
  const reports: ReuseReport[] = [];
  for (const runtime of runtimes) {
    const [program, ...parameters] = commands[runtime] ?? [];
    if (program === undefined) throw new RangeError(`--runtimes must be of deno, bun and node, not ${runtime}`);
    say(`memory of packets in ${runtime}`);
    const output = await runOrThrow(program, [...parameters, child, String(rounds), String(seconds)]);
    reports.push({ runtime, comparisons: JSON.parse(output) });
  }
  return reports;
}

/** The results as a table: medians over the rounds, and of the cost the lowest and the highest, too. */
export function reuseTable(reports: readonly ReuseReport[], markdown: boolean): string {
  return (markdown ? markdownTable : table)(
    [
      "memory of packets",
      "owned: CPU s/s",
      "reused: CPU s/s",
      "owning costs",
      "owned: MB/s",
      "delay ms p50",
      "p99",
      "reused: p50",
      "p99",
      "dropped B, both",
      "lost in camera B, both",
    ],
    reports.flatMap(({ runtime, comparisons }) =>
      comparisons.map(({ megabytesPerSecond, owned, reused }) => [
        `scene ${megabytesPerSecond} MB/s, ${runtime}`,
        median(owned.map(({ cpuShare }) => cpuShare)).toFixed(3),
        median(reused.map(({ cpuShare }) => cpuShare)).toFixed(3),
        spread(owned.map(({ cpuShare }, round) => cpuShare - reused[round]!.cpuShare)),
        median(owned.map((round) => round.megabytesPerSecond)).toFixed(0),
        medianDelay(owned, "medianDelayMs"),
        medianDelay(owned, "p99DelayMs"),
        medianDelay(reused, "medianDelayMs"),
        medianDelay(reused, "p99DelayMs"),
        sum([...owned, ...reused].map(({ droppedBytes }) => droppedBytes)),
        sum([...owned, ...reused].map(({ lostInCamera }) => lostInCamera)),
      ])
    ),
  );
}

function spread(values: readonly number[]): string {
  return `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`;
}

function medianDelay(rounds: readonly ReuseRound[], name: "medianDelayMs" | "p99DelayMs"): string {
  const delays = rounds.map((round) => round[name]).filter((delay) => delay !== null);
  return delays.length === 0 ? "" : median(delays).toFixed(2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
