/**
 * Reads a recording, and prints its events and what that took: `reading_child.ts FILE owned|reused|halves`. With `halves`
 * two Workers read it at once, each a half of its time; the time begins when their modules are loaded.
 */

import process from "node:process";
import { Worker } from "node:worker_threads";
import { openRecording } from "../../../mod.ts";
import { measure } from "../measure.ts";
import type { Half } from "./reading_worker.ts";

const [path, mode] = process.argv.slice(2);

/** What one reading of a file took. */
export interface Reading {
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function read(): Promise<number> {
  let events = 0;
  await using recording = await openRecording(path!, { reuseBuffers: mode === "reused" });
  for await (const { packet } of recording) events += packet.polarityEvents?.t.length ?? 0;
  return events;
}

function messageOf(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}

async function halvesOf(): Promise<Half[]> {
  await using recording = await openRecording(path!);
  const { first, last } = (await recording.timeRange())!;
  const middle = Math.round((first + last) / 2);
  return [{ path: path!, to: middle }, { path: path!, from: middle }];
}

async function readHalves(halves: readonly Half[], workers: readonly Worker[]): Promise<number> {
  const counts = await Promise.all(workers.map((worker, index) => {
    const count = messageOf(worker);
    worker.postMessage(halves[index]);
    return count;
  }));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function measureHalves() {
  const workers = [0, 1].map(() => new Worker(new URL("./reading_worker.ts", import.meta.url)));
  await Promise.all(workers.map(messageOf)); // their modules are loaded
  const halves = await halvesOf();
  const measured = await measure(() => readHalves(halves, workers));
  await Promise.all(workers.map((worker) => worker.terminate()));
  return measured;
}

const { value: events, usage: { seconds, cpuSeconds } } = mode === "halves"
  ? await measureHalves()
  : await measure(read);
console.log(JSON.stringify({ events, seconds, cpuSeconds } satisfies Reading));
