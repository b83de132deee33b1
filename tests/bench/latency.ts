/**
 * `deno task bench:latency`: how long a packet is under way from the completion of its transfer to the body of the loop,
 * under each runtime at several rates, and what the runtime's way of waiting costs when little or nothing comes.
 *
 *     --seconds N        for each measurement (default 5)
 *     --warm-up N        seconds before it that do not count (default 1). At some ten wake-ups a second the runtimes take
 *                        half a minute to compile what runs.
 *     --runtime NAME     only deno, bun or node
 *     --reuse-buffers    with `reuseBuffers`, instead of with packets that own their memory
 *     --json             the results as JSON instead of a table
 */

import { join } from "node:path";
import process from "node:process";
import { readOptions } from "../../scripts/arguments.ts";
import { runOrThrow } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import type { Latency } from "./latency_child.ts";
import { table } from "./measure.ts";

/** What the camera sends, as `latency_child.ts` takes it. It is set to end a transfer after about a millisecond. */
const rates: readonly { readonly name: string; readonly sends: string }[] = [
  { name: "silent", sends: "8" },
  { name: "covered lens", sends: "dark" },
  { name: "8 isolated events/s", sends: "isolated" },
  { name: "10 MB/s", sends: "10e6" },
  { name: "100 MB/s", sends: "100e6" },
  { name: "400 MB/s", sends: "400e6" },
];

interface Row extends Latency {
  readonly runtime: string;
  readonly rate: string;
}

const values = readOptions(import.meta, {
  seconds: { type: "string", default: "5" },
  "warm-up": { type: "string", default: "1" },
  runtime: { type: "string" },
  "reuse-buffers": { type: "boolean", default: false },
  json: { type: "boolean" },
});
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new RangeError(`--seconds must be a number above 0, not ${values.seconds}`);

const warmUp = Number(values["warm-up"]);
if (!(warmUp >= 0)) throw new RangeError(`--warm-up must be a number from 0 on, not ${values["warm-up"]}`);

const { bun, node } = await setUpForTests();
const child = join(projectDirectory, "tests", "bench", "latency_child.ts");
const commands: Readonly<Record<string, readonly string[]>> = {
  deno: [Deno.execPath(), "run", "--allow-all", "--quiet", child],
  bun: [bun, child],
  node: [node, child],
};
const runtimes = values.runtime === undefined ? Object.keys(commands) : [values.runtime];

const rows: Row[] = [];
for (const { name, sends } of rates) {
  for (const runtime of runtimes) {
    const [program, ...parameters] = commands[runtime] ?? [];
    if (program === undefined) throw new RangeError(`--runtime must be deno, bun or node, not ${runtime}`);
    const output = await runOrThrow(program, [
      ...parameters,
      sends,
      String(seconds),
      String(warmUp),
      String(values["reuse-buffers"]),
    ]);
    rows.push({ runtime, rate: name, ...JSON.parse(output) as Latency });
  }
}

if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else {
  console.log(latencyTable(rows));
  console.log(`a thread that does nothing but wake every millisecond: CPU ${percent(wakingShare(seconds))} %`);
}

/** What each transfer costs at least on this machine, before anybody looks at it. */
function wakingShare(seconds: number): number {
  const word = new Int32Array(new SharedArrayBuffer(4));
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  while (performance.now() < startMs + seconds * 1e3) Atomics.wait(word, 0, 0, 1);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1e3 / (performance.now() - startMs);
}

function percent(share: number | undefined): string {
  return share === undefined ? "" : (100 * share).toFixed(2);
}

function latencyTable(rows: readonly Row[]): string {
  return table(
    [
      "from transfer to loop, of packets with events",
      "p50 ms",
      "p99 ms",
      "packets/s",
      "MB/s",
      "dropped B",
      "lost in camera B",
      "CPU %",
      "of it reader and camera %",
    ],
    rows.map((row) => [
      `${row.rate}, ${row.runtime}`,
      row.medianMs?.toFixed(3) ?? "",
      row.p99Ms?.toFixed(3) ?? "",
      row.packetsPerSecond.toFixed(0),
      row.megabytesPerSecond.toFixed(1),
      row.droppedBytes,
      row.lostInCamera,
      percent(row.cpuShare),
      percent(row.readerShare),
    ]),
  );
}
