/**
 * Draws how long ago each pixel of a recording had its last event: `time_surface.ts RECORDING`. ON is orange, OFF is
 * blue, and both fade in 30 ms. The argument `virtual` records the virtual camera first.
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openRecording } from "../../mod.ts";
import { png } from "./support/png.ts";
import { folder, recordingPath } from "./support/recording.ts";

const fadingUs = 30_000;
await using recording = await openRecording(await recordingPath());
const { width, height } = recording.geometry!;

const lastTime = new Float64Array(width * height).fill(-Infinity);
const lastOn = new Uint8Array(width * height);
let now = 0;
for await (const { packet } of recording) {
  const { t, x, y, on } = packet.polarityEvents ?? { t: [], x: [], y: [], on: [] };
  for (let index = 0; index < t.length; ++index) {
    const pixel = y[index]! * width + x[index]!;
    lastTime[pixel] = now = t[index]!;
    lastOn[pixel] = on[index]!;
  }
}

const colours = [[60, 140, 255], [255, 170, 50]] as const;
const rgb = new Uint8Array(3 * width * height);
for (const [pixel, time] of lastTime.entries()) {
  const brightness = Math.exp((time - now) / fadingUs);
  rgb.set(colours[lastOn[pixel]!]!.map((value) => value * brightness), 3 * pixel);
}
const path = join(folder, "time_surface.png");
await writeFile(path, await png(width, height, rgb));
console.log(`${path}: ${width} x ${height} pixels at ${now} µs`);
