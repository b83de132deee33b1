/**
 * `deno task bench:recording`: how fast a RAW file of EVT3 is read from the page cache into columns, by this library under
 * each runtime and by readers of other projects, which come from PyPI in pinned versions where Python has pip. All read
 * the same file in turns, each in a process of its own; the time is that from opening the file to its last event.
 *
 *     --file FILE       the recording (default: one made of the shared recording, or of made words, where that is missing)
 *     --megabytes M     how large a made one is (default 400)
 *     --rounds N        how often each reads (default 5)
 *     --quick           little to do: for a test
 *     --json FILE       writes the report there
 */

import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDecoder, createEncoder } from "../../mod.ts";
import { readOptions } from "../../scripts/arguments.ts";
import { runCommand, runOrThrow } from "../../scripts/commands.ts";
import { say } from "../../scripts/progress.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { setUpForTests } from "../../scripts/setup.ts";
import { getRecordingPeers } from "../../scripts/strangers/recording_peers.ts";
import { writeLongRecording } from "../recording/testing/long_recording.ts";
import { scene } from "../recording/testing/seeks.ts";
import { Random } from "../support/random.ts";
import { wordsOfRawFile } from "../support/raw_file.ts";
import { sharedFile } from "../support/shared.ts";
import { conditions, formatConditions } from "./conditions.ts";
import { median, table } from "./measure.ts";
import type { Reading } from "./recording_child.ts";

const values = readOptions(import.meta, {
  file: { type: "string" },
  megabytes: { type: "string", default: "400" },
  rounds: { type: "string", default: "5" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
});

/** How to start a reader. */
interface Reader {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What one reader did, of all rounds the median. */
export interface RecordingReading extends Reading {
  readonly name: string;
  /** Of each round: its seconds by those of the first reader in the same round. */
  readonly slower: number;
}

/** The report of `--json`. */
export interface RecordingReport {
  readonly bytes: number;
  readonly readings: readonly RecordingReading[];
}

const script = (name: string) => join(projectDirectory, "tests", "bench", name);

async function readersOf(path: string): Promise<Reader[]> {
  const { bun, node } = await setUpForTests();
  const runtimes = { Deno: [Deno.execPath(), "run", "--allow-all", "--quiet"], Bun: [bun], Node: [node] };
  const ours = Object.entries(runtimes).flatMap(([runtime, command]) =>
    (["reused", "owned"] as const).map((memory) => ({
      name: `${runtime}, memory ${memory}`,
      command: [...command, script("recording_child.ts"), path, memory],
    }))
  );
  const peers = await getRecordingPeers();
  if ("obstacle" in peers) say(`without other readers: ${peers.obstacle}`);
  const others = "obstacle" in peers ? [] : ["evutils", "evt3", "faery", "expelliarmus"].map((name) => ({
    name,
    command: [peers.python, script("recording_peers.py"), name, path],
    environment: { PYTHONPATH: peers.folder },
  }));
  return [...ours, ...others];
}

/** Undefined where a reader fails, as another project's may. */
async function read({ name, command, environment }: Reader): Promise<Reading | undefined> {
  const [program, ...parameters] = command;
  const { exitStatus, output } = await runCommand(program!, parameters, environment && { environment });
  if (exitStatus === 0) return JSON.parse(output.trim().split("\n").at(-1)!);
  say(`${name} fails: ${output.trim().split("\n").at(-1)}`);
  return undefined;
}

/** The words that a file is made of, from a TIME_HIGH on. */
async function madeWords(): Promise<Uint16Array> {
  const { path, skip } = sharedFile("data/evt3_gen41.raw");
  if (skip !== undefined) return await asEveryReaderTakesIt(scene(new Random(1), 20_000));
  const bytes = wordsOfRawFile(path);
  const words = new Uint16Array(bytes.slice(0, bytes.length & ~1).buffer);
  return words.subarray(words.findIndex((word) => word >> 12 === 8));
}

/**
 * The same events as every reader takes them: without single words of vectors, which two take for others, and without
 * triggers, at which one ends.
 */
async function asEveryReaderTakesIt(words: Uint16Array): Promise<Uint16Array> {
  const options = { format: "evt3", width: 1280, height: 720 } as const;
  using decoder = await createDecoder(options);
  using encoder = await createEncoder(options);
  const packets = decoder.decode(new Uint8Array(words.buffer));
  const parts = Array.from(packets, ({ polarityEvents }) => encoder.encode({ polarityEvents }).slice());
  return new Uint16Array(await new Blob(parts).arrayBuffer());
}

async function compare(path: string, rounds: number): Promise<RecordingReport> {
  const readers = await readersOf(path);
  const readings = new Map<string, Reading[]>(readers.map(({ name }) => [name, []]));
  await runOrThrow("cat", [path]); // into the page cache
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    for (const reader of readers) {
      const reading = await read(reader);
      if (reading !== undefined) readings.get(reader.name)!.push(reading);
    }
  }
  const first = readings.get(readers[0]!.name)!;
  return {
    bytes: statSync(path).size,
    readings: [...readings].filter(([, { length }]) => length === rounds).map(([name, ofRounds]) => ({
      name,
      events: ofRounds[0]!.events,
      seconds: median(ofRounds.map(({ seconds }) => seconds)),
      cpuSeconds: median(ofRounds.map(({ cpuSeconds }) => cpuSeconds)),
      slower: median(ofRounds.map(({ seconds }, round) => seconds / first[round]!.seconds)),
    })),
  };
}

const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_bench_"));
try {
  const path = values.file ?? join(folder, "a.raw");
  if (values.file === undefined) {
    writeLongRecording(path, await madeWords(), values.quick ? 4e6 : 1e6 * Number(values.megabytes));
  }
  const at = conditions();
  const report = await compare(path, values.quick ? 1 : Number(values.rounds));
  console.log(`${(report.bytes / 1e6).toFixed(0)} MB of EVT3; ${formatConditions(at)}`);
  const rows = report.readings.map(({ name, events, seconds, cpuSeconds, slower }) => [
    name,
    events,
    seconds.toFixed(2),
    (report.bytes / seconds / 1e9).toFixed(2),
    (events / seconds / 1e6).toFixed(0),
    cpuSeconds.toFixed(2),
    slower.toFixed(2),
  ]);
  console.log(table(["reader", "events", "s", "GB/s", "Mev/s", "CPU s", "times the first"], rows));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report));
} finally {
  rmSync(folder, { recursive: true });
}
