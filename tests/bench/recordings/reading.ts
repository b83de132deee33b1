/** Reading a file of EVT3 from the page cache, beside readers of other projects. */

import { statSync } from "node:fs";
import { runOrThrow } from "../../../scripts/commands.ts";
import { say } from "../../../scripts/progress.ts";
import { getRecordingPeers } from "../../../scripts/strangers/recording_peers.ts";
import { openRecording } from "../../../mod.ts";
import { median } from "../measure.ts";
import { fileOf, type Program, resultOf, runtimes } from "./programs.ts";
import type { Reading } from "./reading_child.ts";

/** What one reader did, of all rounds the median. */
export interface RecordingReading extends Reading {
  readonly name: string;
  /** Of each round: its seconds by those of the first reader in the same round. */
  readonly slower: number;
}

/** Readers of one file. */
export interface RecordingReadings {
  readonly bytes: number;
  readonly readings: readonly RecordingReading[];
}

const ways = { reused: "memory reused", owned: "memory owned", halves: "two threads" } as const;

async function readersOf(path: string): Promise<Program[]> {
  const ours = [...await runtimes()].flatMap(([runtime, command]) =>
    Object.entries(ways).map(([mode, way]) => ({
      name: `${runtime}, ${way}`,
      command: [...command, fileOf("reading_child.ts"), path, mode],
    }))
  );
  const peers = await getRecordingPeers();
  if ("obstacle" in peers) say(`without other readers: ${peers.obstacle}`);
  const others = "obstacle" in peers ? [] : ["evutils", "evt3", "faery", "expelliarmus"].map((name) => ({
    name,
    command: [peers.python, fileOf("read.py"), name, path],
    environment: { PYTHONPATH: peers.folder },
  }));
  return [...ours, ...others];
}

/** Lets all read the file in turns, each in a process of its own. */
export async function compareReaders(path: string, rounds: number): Promise<RecordingReadings> {
  const readers = await readersOf(path);
  const readings = new Map<string, Reading[]>(readers.map(({ name }) => [name, []]));
  await runOrThrow("cat", [path]); // into the page cache
  await using recording = await openRecording(path);
  await recording.duration(); // the index, by which a second thread begins in the middle
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    for (const reader of readers) {
      const reading = await resultOf<Reading>(reader);
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

/** Header and rows of a table. */
export function readingsTable({ bytes, readings }: RecordingReadings): [string[], (string | number)[][]] {
  const rows = readings.map(({ name, events, seconds, cpuSeconds, slower }) => [
    name,
    events,
    seconds.toFixed(2),
    (bytes / seconds / 1e9).toFixed(2),
    (events / seconds / 1e6).toFixed(0),
    cpuSeconds.toFixed(2),
    slower.toFixed(2),
  ]);
  return [["reader", "events", "s", "GB/s", "Mev/s", "CPU s", "times the first"], rows];
}
