/**
 * Writes a recording for a notebook, as CSV and as columns of NumPy: `notebook.ts RECORDING`. The argument `virtual`
 * records the virtual camera first.
 */

import { join } from "node:path";
import { convert } from "../../mod.ts";
import { folder, recordingPath } from "./support/recording.ts";

const path = await recordingPath();

for (const to of [join(folder, "events.csv"), join(folder, "events.npz")]) {
  const { polarityEvents, losses } = await convert(path, to, { allowLoss: true });
  console.log(`${to}: ${polarityEvents} events`, ...losses.map(({ kind, count }) => `without ${count} ${kind}`));
}
