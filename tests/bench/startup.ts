/**
 * `deno task bench:startup`: how long a program takes from the start of its process to its first event on the virtual
 * camera, under each runtime, from the sources and from the npm package as a user has installed it; and how large the
 * packages are. Medians, with the shortest and the longest.
 *
 *     --runs N           of each (default 9)
 *     --quick            one run of each
 *     --json FILE        the results as JSON, too
 */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readOptions } from "../../scripts/arguments.ts";
import { pathsBelow } from "../../scripts/packages/files.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { Workbench } from "../packages/workbench.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { median, table } from "./measure.ts";

/** What one run took, in milliseconds. */
interface Run {
  readonly import: number;
  readonly open: number;
  readonly firstPacket: number;
  /** From the start of the process to the line that the program prints at its first event. */
  readonly process: number;
}

/** Runs of one way to start. */
export interface Startup {
  readonly runtime: string;
  readonly from: "sources" | "npm package";
  readonly runs: readonly Run[];
}

/** What the packages take, in bytes. */
export interface Sizes {
  readonly [name: string]: { readonly packed: number; readonly installed: number };
}

/** The report of `--json`. */
export interface StartupReport {
  readonly startups: readonly Startup[];
  readonly sizes: Sizes;
}

const values = readOptions(import.meta, {
  runs: { type: "string", default: "9" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
});
const runs = values.quick ? 1 : Number(values.runs);
if (!(Number.isInteger(runs) && runs > 0)) {
  throw new RangeError(`--runs must be an integer above 0, not ${values.runs}`);
}

const { bun, node } = await setUpForTests();
const before = conditions();
const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_startup_"));
const bench = await Workbench.open();
try {
  const user = bench.user("node");
  await user.run("npm init -y && npm install neuromorphic-drivers");
  const sources = join(folder, "sources");
  mkdirSync(sources);
  const startups = [
    ...await measure("sources", sources, pathToFileURL(join(projectDirectory, "mod.ts")).href),
    ...await measure("npm package", user.folder, "neuromorphic-drivers"),
  ];
  const sizes = sizesOf(user.folder);
  console.log(`${formatConditions(before)}\n\n${startupTable(startups)}\n\n${sizeTable(sizes)}`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ startups, sizes }));
} finally {
  await bench.close();
  rmSync(folder, { recursive: true });
}

/** The runtimes take turns, so that a busy moment does not fall on one of them. */
async function measure(from: Startup["from"], directory: string, specifier: string): Promise<Startup[]> {
  writeFileSync(join(directory, "startup.mjs"), programWith(specifier));
  const commands: readonly (readonly [string, ...string[]])[] = [
    [Deno.execPath(), "run", "--allow-ffi", "startup.mjs"],
    [bun, "startup.mjs"],
    [node, "startup.mjs"],
  ];
  const startups = ["deno", "bun", "node"].map((runtime) => ({ runtime, from, runs: [] as Run[] }));
  for (const command of commands) await runOnce(command, directory); // fills the caches
  for (let run = 0; run < runs; run++) {
    for (const [index, command] of commands.entries()) startups[index]!.runs.push(await runOnce(command, directory));
  }
  return startups;
}

function programWith(specifier: string): string {
  return `const started = performance.now();
const { open } = await import(${JSON.stringify(specifier)});
const imported = performance.now();
const device = await open({ libusb: "virtual" });
const opened = performance.now();
for await (const { packet } of device) if (packet.polarityEvents !== undefined) break;
const received = performance.now();
console.log(JSON.stringify({ import: imported - started, open: opened - imported, firstPacket: received - opened }));
device.close();
`;
}

function runOnce([command, ...parameters]: readonly [string, ...string[]], directory: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, parameters, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    let [printed, output] = [0, ""];
    child.stdout!.on("data", (chunk: Uint8Array) => {
      printed ||= performance.now();
      output += chunk.toString();
    });
    child.stderr!.on("data", (chunk: Uint8Array) => output += chunk.toString());
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve({ ...JSON.parse(output), process: printed - started });
      else reject(new Error(`${command} ended with status ${status}:\n${output}`));
    });
  });
}

/** The packages in a project's node_modules; koffi's with its binary. */
function sizesOf(directory: string): Sizes {
  const modules = join(directory, "node_modules");
  const installed = (...names: readonly string[]) => names.reduce((sum, name) => sum + bytesIn(join(modules, name)), 0);
  return {
    "neuromorphic-drivers": { packed: bench.npm.bytes.length, installed: installed("neuromorphic-drivers") },
    "neuromorphic-drivers-native": {
      packed: bench.native.bytes.length,
      installed: installed("neuromorphic-drivers-native"),
    },
  };
}

function bytesIn(directory: string): number {
  return pathsBelow(directory).reduce((sum, path) => sum + statSync(join(directory, path)).size, 0);
}

function startupTable(startups: readonly Startup[]): string {
  const cell = (startup: Startup, part: keyof Run) => {
    const times = startup.runs.map((run) => run[part]);
    return `${median(times).toFixed(0)} (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`;
  };
  return table(
    ["ms", "import", "open", "first packet", "process to first event"],
    startups.map((startup) => [
      `${startup.runtime}, ${startup.from}`,
      cell(startup, "import"),
      cell(startup, "open"),
      cell(startup, "firstPacket"),
      cell(startup, "process"),
    ]),
  );
}

function sizeTable(sizes: Sizes): string {
  return table(
    ["bytes", "packed", "installed"],
    Object.entries(sizes).map(([name, { packed, installed }]) => [
      name,
      packed.toLocaleString("en"),
      installed.toLocaleString("en"),
    ]),
  );
}
