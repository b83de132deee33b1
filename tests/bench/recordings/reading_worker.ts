/** A Worker of `reading_child.ts`: reads the part of a recording that is posted to it, and answers with its events. */

import { parentPort } from "node:worker_threads";
import { openRecording } from "../../../mod.ts";

/** A part of a recording: times in µs. */
export interface Half {
  readonly path: string;
  readonly from?: number;
  readonly to?: number;
}

const port = parentPort!;
port.on("message", async ({ path, ...times }: Half) => {
  let events = 0;
  await using recording = await openRecording(path, { ...times, reuseBuffers: true });
  for await (const { packet } of recording) events += packet.polarityEvents?.t.length ?? 0;
  port.postMessage(events);
});
port.postMessage(0); // it is ready
