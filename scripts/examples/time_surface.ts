/**
 * Draws how long ago each pixel of a recording had its last event: `time_surface.ts RECORDING`. ON is orange, OFF is
 * blue, and both fade in 30 ms. The argument `virtual` records the virtual camera first.
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAccumulator, openRecording } from "../../mod.ts";
import { png } from "./support/png.ts";
import { folder, recordingPath } from "./support/recording.ts";

await using recording = await openRecording(await recordingPath());
const { width, height } = recording.geometry!;
using accumulator = await createAccumulator({ kind: "decay", width, height, tauUs: 30_000 });
for await (const { packet } of recording) accumulator.add(packet);
const path = join(folder, "time_surface.png");
await writeFile(path, await png(width, height, accumulator.image()));
console.log(`${path}: ${width} x ${height} pixels at ${accumulator.currentTime} µs`);
