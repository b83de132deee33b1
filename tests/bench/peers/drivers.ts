import { runCommand } from "../../../scripts/commands.ts";
import { say } from "../../../scripts/progress.ts";
import { markdownTable, median, table } from "../measure.ts";
import type { Streaming } from "./decoding.ts";
import type { Program } from "./programs.ts";

/** What one program did at one rate, in each round. */
export interface DriverResult {
  readonly program: string;
  readonly megabytesPerSecond: number;
  readonly rounds: readonly Streaming[];
}

/** What a quiet scene, a busy one and a full bus send. */
const rates = [10, 100, 400];

/** Lets all stream from the same virtual camera in turns. */
export async function compareDrivers(
  programs: readonly Program[],
  seconds: number,
  rounds: number,
): Promise<readonly DriverResult[]> {
  const results: DriverResult[] = [];
  for (const megabytesPerSecond of rates) {
    const ofRate = programs.map(({ name }) => ({ program: name, megabytesPerSecond, rounds: [] as Streaming[] }));
    for (let round = 0; round < rounds; round++) {
      say(`drivers: ${megabytesPerSecond} MB/s, round ${round + 1} of ${rounds}`);
      for (const [index, program] of programs.entries()) {
        const streaming = await stream(program, megabytesPerSecond, seconds);
        if (streaming !== undefined) ofRate[index]!.rounds.push(streaming);
      }
    }
    results.push(...ofRate.filter(({ rounds: measured }) => measured.length === rounds));
  }
  return results;
}

async function stream(program: Program, megabytesPerSecond: number, seconds: number): Promise<Streaming | undefined> {
  const camera = { source: { kind: "scene", seed: 1 }, bytes_per_second: 1e6 * megabytesPerSecond };
  const [command, ...parameters] = program.command;
  const { exitStatus, output } = await runCommand(command!, [...parameters, String(seconds)], {
    environment: { ...program.environment, NEUROMORPHIC_DRIVERS_VIRTUAL_BUS: JSON.stringify({ cameras: [camera] }) },
  });
  const last = output.trim().split("\n").at(-1)!;
  if (exitStatus === 0) return JSON.parse(last);
  say(`${program.name} fails: ${last}`);
  return undefined;
}

/** Medians of all rounds; of the processor's time also the smallest and the largest. */
export function driversTable(results: readonly DriverResult[], isMarkdown: boolean): string {
  const header = ["virtual camera", "MB/s", "Mev/s", "CPU s/s", "dropped transfers", "delay ms p50", "p99"];
  const rows = results.map(({ program, megabytesPerSecond, rounds }) => {
    const of = (figure: (streaming: Streaming) => number) => median(rounds.map(figure));
    const loads = rounds.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds);
    return [
      `${program}, ${megabytesPerSecond} MB/s`,
      of(({ bytes, seconds }) => bytes / seconds / 1e6).toFixed(0),
      of(({ events, seconds }) => events / seconds / 1e6).toFixed(1),
      `${median(loads).toFixed(3)} (${Math.min(...loads).toFixed(3)}–${Math.max(...loads).toFixed(3)})`,
      of(({ droppedTransfers }) => droppedTransfers).toFixed(0),
      of(({ medianDelayMs }) => medianDelayMs).toFixed(3),
      of(({ p99DelayMs }) => p99DelayMs).toFixed(2),
    ];
  });
  const note = "The virtual camera runs within each process, so its time is in that of all.";
  return `${(isMarkdown ? markdownTable : table)(header, rows)}\n\n${note}`;
}
