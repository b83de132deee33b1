/**
 * Cuts out what happens around each rising edge of a trigger input: `trigger_cuts.ts RECORDING`. The argument `virtual`
 * records the virtual camera first.
 */

import { join } from "node:path";
import { convert, openRecording } from "../../mod.ts";
import { folder, recordingPath } from "./support/recording.ts";

const path = await recordingPath();

await using recording = await openRecording(path);
const { t, edge } = await recording.triggers();
for (const rise of t.filter((_, index) => edge[index] === 1)) {
  const to = join(folder, `trigger_${rise}.raw`);
  const { polarityEvents } = await convert(path, to, { from: rise - 1000, to: rise + 5000 }); // µs
  console.log(`${to}: ${polarityEvents} events`);
}
