/**
 * `deno task bench:memory`: resident memory of programs that stream the virtual camera's scene at 10 MB/s without a
 * backlog, beside that of their runtimes alone. Linux only. The virtual camera runs within each program.
 *
 *     --seconds N        of each program (default 5)
 *     --rounds N         each round has all programs in turns (default 3)
 *     --quick            one short round
 *     --runtimes a,b     of deno, bun and node (default: all)
 *     --markdown         the table for a document
 *     --json FILE        the results as JSON, too
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions } from "../../scripts/arguments.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { markdownTable, median, table } from "./measure.ts";
import type { Residence } from "./memory_child.ts";

/** What one runtime needs for each program, once a round. */
export interface MemoryReport {
  readonly runtime: string;
  readonly programs: Readonly<Record<string, readonly Residence[]>>;
}

/** Programs of `memory_child.ts`, as the table names them. */
const titles = { nothing: "runtime alone", imported: "imported", owned: "streaming", reused: "with reuseBuffers" };

const values = readOptions(import.meta, {
  seconds: { type: "string", default: "5" },
  rounds: { type: "string", default: "3" },
  quick: { type: "boolean", default: false },
  runtimes: { type: "string", default: "deno,bun,node" },
  markdown: { type: "boolean", default: false },
  json: { type: "string" },
});
const [rounds, seconds] = values.quick ? [1, 0.3] : [Number(values.rounds), Number(values.seconds)];
if (!(Number.isInteger(rounds) && rounds > 0)) {
  throw new RangeError(`--rounds must be an integer above 0, not ${values.rounds}`);
}
if (!(seconds > 0)) throw new RangeError(`--seconds must be above 0, not ${values.seconds}`);

const { bun, node } = await setUpForTests();
const commands: Readonly<Record<string, readonly [string, ...string[]]>> = {
  deno: [Deno.execPath(), "run", "--allow-all", "--quiet"],
  bun: [bun],
  node: [node],
};
const before = conditions();
const reports: MemoryReport[] = [];
for (const runtime of values.runtimes.split(",")) reports.push(await measure(runtime));
console.log(`${formatConditions(before)}\n\n${memoryTable(reports)}`);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(reports));

async function measure(runtime: string): Promise<MemoryReport> {
  const command = commands[runtime];
  if (command === undefined) throw new RangeError(`--runtimes must be of deno, bun and node, not ${runtime}`);
  const [program, ...parameters] = command;
  const child = join(projectDirectory, "tests", "bench", "memory_child.ts");
  const programs = Object.fromEntries(Object.keys(titles).map((name) => [name, [] as Residence[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, residences] of Object.entries(programs)) {
      residences.push(JSON.parse(await runOrThrow(program, [...parameters, child, name, String(seconds)])));
    }
  }
  return { runtime, programs };
}

/** Medians in MB. */
function memoryTable(reports: readonly MemoryReport[]): string {
  const header = [
    "MB",
    ...Object.values(titles),
    "streaming, beyond the runtime",
    "with reuseBuffers, beyond it",
    "peak",
  ];
  return (values.markdown ? markdownTable : table)(
    header,
    reports.map(({ runtime, programs }) => {
      const megabytes = (name: keyof typeof titles, part: "bytes" | "peakBytes" = "bytes") =>
        median(programs[name]!.map((residence) => residence[part])) / 1e6;
      const beyond = (name: "owned" | "reused") => megabytes(name) - megabytes("nothing");
      return [
        runtime,
        ...(Object.keys(titles) as (keyof typeof titles)[]).map((name) => megabytes(name).toFixed(0)),
        beyond("owned").toFixed(0),
        beyond("reused").toFixed(0),
        megabytes("owned", "peakBytes").toFixed(0),
      ];
    }),
  );
}
