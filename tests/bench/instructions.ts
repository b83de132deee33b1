/**
 * `deno task bench:instructions`: how many instructions a word of EVT3 takes with NEON, beside the same kernel with SSE
 * (x86-64-v2), and with the scalar kernel of both. QEMU emulates the processors and counts, so the figures are the same
 * on every machine. They tell where NEON needs more operations than SSE; they do not tell how long it takes.
 *
 *     --recording FILE   an EVT3 RAW file to count with, too (default: the shared recording, where it is)
 *     --quick            only the first stream: to see that everything runs
 *     --json FILE        the report as JSON, too
 *     --markdown         a table for a document instead of for a terminal
 */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { zigDirectory, zigEnvironment } from "../../scripts/build_native.ts";
import { runCommand, runOrThrow } from "../../scripts/commands.ts";
import { getZig } from "../../scripts/setup/zig.ts";
import { ensureEmulators } from "../../scripts/testing/emulated.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { markdownTable, table } from "./measure.ts";

/** Processors that QEMU emulates, and the kernels that are counted on them. */
const machines = [
  { arch: "x86_64", cpu: "Nehalem", kernels: ["x86-64-v2", "scalar"] },
  { arch: "aarch64", cpu: "cortex-a53", kernels: ["neon", "scalar"] },
] as const;
type Machine = typeof machines[number];

/** Instructions for each word of a stream, by machine and kernel. */
export interface InstructionCounts {
  readonly stream: string;
  readonly counts: Readonly<Record<Machine["arch"], Readonly<Record<string, number>>>>;
}

/** What the command found, or why it could not count. */
export interface InstructionReport {
  readonly obstacle?: string;
  readonly streams: readonly InstructionCounts[];
}

const values = readOptions(import.meta, {
  recording: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  markdown: { type: "boolean", default: false },
});
const shared = sharedFile("data/evt3_gen41.raw");
const recording = values.recording ?? (shared.skip === undefined ? shared.path : undefined);
const folder = join(zigDirectory, "zig-out", "instructions");
const plugin = join(folder, "libinstruction_count.so");
/** Of each stream: one USB transfer. */
const bytes = 128 << 10;
const wordBytes = 2;
/** The first pass, and what comes before it, are taken off. */
const passes = 10;

const started = conditions();
const report = await count();
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
console.log(report.obstacle === undefined ? reportText(report) : `skipped: ${report.obstacle}`);

async function count(): Promise<InstructionReport> {
  const missing = await ensureEmulators();
  if (missing !== undefined) return { obstacle: missing, streams: [] };
  await runOrThrow(await getZig(), ["build", "instructions"], { directory: zigDirectory, environment: zigEnvironment });
  const names = await streamNames();
  const obstacle = await pluginObstacle(names[0]!);
  if (obstacle !== undefined) return { obstacle, streams: [] };
  const streams: InstructionCounts[] = [];
  for (const stream of values.quick ? names.slice(0, 1) : names) {
    const [x86, arm] = await Promise.all(machines.map((machine) => countOn(machine, stream)));
    streams.push({ stream, counts: { x86_64: x86!, aarch64: arm! } });
  }
  return { streams };
}

/** The tool says them by the files that it writes. */
async function streamNames(): Promise<string[]> {
  const written = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_instructions_"));
  try {
    const { program, parameters } = emulation(machines[0], [], ["--write", written]);
    await runOrThrow(program, parameters);
    return readdirSync(written).sort().map((name) => basename(name, ".raw"));
  } finally {
    rmSync(written, { recursive: true });
  }
}

/** Why QEMU takes no plugin, or none for this version of its interface. */
async function pluginObstacle(stream: string): Promise<string | undefined> {
  const { program, parameters } = emulation(machines[0], ["-plugin", plugin], ["--only", stream, "--passes", "0"]);
  const { exitStatus, output } = await runCommand(program, parameters);
  return exitStatus === 0 ? undefined : `${program} cannot load the plugin that counts: ${output.trim()}`;
}

async function countOn(machine: Machine, stream: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kernel of machine.kernels) {
    const first = await countPasses(machine, kernel, stream, 1);
    const all = await countPasses(machine, kernel, stream, 1 + passes);
    counts[kernel] = (all - first) / passes / (bytes / wordBytes);
  }
  return counts;
}

async function countPasses(machine: Machine, kernel: string, stream: string, count: number): Promise<number> {
  const { program, parameters } = emulation(machine, ["-d", "plugin", "-plugin", plugin], [
    ...["--only", stream, "--kernel", kernel, "--passes", String(count)],
  ]);
  const output = await runOrThrow(program, parameters);
  const instructions = /^(\d+)$/m.exec(output)?.[1];
  if (instructions === undefined) throw new Error(`${program} has not counted: ${output}`);
  return Number(instructions);
}

/** The command that runs the benchmark's tool on a machine. */
function emulation({ arch, cpu }: Machine, ofQemu: readonly string[], ofTool: readonly string[]) {
  const source = recording === undefined ? [] : ["--recording", resolve(recording)];
  const tool = [join(folder, arch), "--formats", "evt3", "--bytes", String(bytes), ...source, ...ofTool];
  return { program: `qemu-${arch}`, parameters: ["-cpu", cpu, ...ofQemu, ...tool] };
}

function reportText({ streams }: InstructionReport): string {
  const rows = streams.map(({ stream, counts: { x86_64, aarch64 } }) => [
    stream,
    ...compared(x86_64["x86-64-v2"]!, aarch64.neon!),
    ...compared(x86_64.scalar!, aarch64.scalar!),
  ]);
  const header = ["instructions a word", "x86-64-v2", "NEON", "ratio", "scalar, x86-64", "scalar, ARM", "ratio"];
  return `${formatConditions(started)}\n\n${(values.markdown ? markdownTable : table)(header, rows)}`;
}

function compared(x86: number, arm: number): string[] {
  return [x86.toFixed(1), arm.toFixed(1), (arm / x86).toFixed(2)];
}
