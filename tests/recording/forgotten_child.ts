/** Drops recordings without closing them; says when the garbage collector's work has let go of the file. */

import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { openRecording } from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { collectGarbage } from "../support/garbage.ts";
import { inFolder, spreadEvents, writeRawFile } from "./testing/raw_recording.ts";

const events = spreadEvents(300_000);

/** A whole loop over a recording that no variable holds, with the collector at work: it must not end early. */
async function readAll(path: string): Promise<void> {
  let count = 0;
  for await (const { packet } of await openRecording(path)) {
    count += packet.polarityEvents?.t.length ?? 0;
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (count !== events.length) console.log(`${count} events`);
}

const readings: readonly ((path: string) => Promise<unknown>)[] = [
  readAll,
  async (path) => {
    for await (const _ of await openRecording(path)) break;
  },
  async (path) => await (await openRecording(path)).duration(),
  async (path) => await (await openRecording(path)).readable.getReader().read(),
];

/** How many files of a folder this process has open. */
function openFiles(folder: string): number {
  return readdirSync("/proc/self/fd").filter((name) => {
    try {
      return readlinkSync(join("/proc/self/fd", name)).startsWith(folder);
    } catch {
      return false; // that of the folder that was listed
    }
  }).length;
}

await inFolder(async (folder) => {
  const path = writeRawFile(folder, events);
  for (const read of readings) await read(path);
  await eventually("the garbage collector's work", () => {
    collectGarbage();
    return openFiles(folder) === 0 || undefined;
  });
});
console.log("closed");
