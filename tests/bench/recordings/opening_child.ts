/**
 * Opens a recording and seeks in it, and prints what that took: `opening_child.ts FILE SEEKS`. The index is made by the
 * first opening, unless it lies beside the file.
 */

import process from "node:process";
import { openRecording } from "../../../mod.ts";
import { Random } from "../../support/random.ts";

/** What an opening, and seeks to random times, took. */
export interface Opening {
  /** Until the recording is open and its duration known. */
  readonly openMs: number;
  /** From there to the first packet. */
  readonly firstPacketMs: number;
  /** From the call of `seek` to the first packet there, sorted. */
  readonly seekMs: readonly number[];
}

const [path, seeks] = process.argv.slice(2);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

let recording!: Awaited<ReturnType<typeof openRecording>>;
const openMs = await timed(async () => {
  recording = await openRecording(path!, { reuseBuffers: true });
  await recording.duration();
});

async function firstPacket(): Promise<void> {
  for await (const { packet } of recording) if (packet.polarityEvents !== undefined) return;
}

const firstPacketMs = await timed(firstPacket);
const { first, last } = (await recording.timeRange())!;
const random = new Random(1);
const seekMs: number[] = [];
for (let count = Number(seeks); count > 0; count--) {
  const time = random.whole(first, last);
  seekMs.push(
    await timed(async () => {
      await recording.seek(time);
      await firstPacket();
    }),
  );
}
await recording.close();
console.log(JSON.stringify({ openMs, firstPacketMs, seekMs: seekMs.sort((a, b) => a - b) } satisfies Opening));
