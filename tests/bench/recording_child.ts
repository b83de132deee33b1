/** Reads a recording, and prints its events and what that took: `recording_child.ts FILE owned|reused`. */

import process from "node:process";
import { openRecording } from "../../mod.ts";
import { measure } from "./measure.ts";

const [path, memory] = process.argv.slice(2);

/** What one reading of a file took. */
export interface Reading {
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function read(): Promise<number> {
  let events = 0;
  await using recording = await openRecording(path!, { reuseBuffers: memory === "reused" });
  for await (const { packet } of recording) events += packet.polarityEvents?.t.length ?? 0;
  return events;
}

const { value: events, usage: { seconds, cpuSeconds } } = await measure(read);
console.log(JSON.stringify({ events, seconds, cpuSeconds } satisfies Reading));
