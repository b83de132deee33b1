/**
 * Draws how many events came when: `rate_histogram.ts RECORDING`. The argument `virtual` records the virtual camera
 * first.
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { summarizeRecording } from "../../mod.ts";
import { folder, recordingPath } from "./support/recording.ts";

const { rates, last, polarityEvents } = await summarizeRecording(await recordingPath());
const { start, intervalUs, counts } = rates!;

// Events per second; the last interval ends with the recording.
const bars = counts.map((count, index) => {
  const lengthUs = Math.min(intervalUs, last! - start - index * intervalUs);
  return lengthUs > intervalUs / 10 ? 1e6 * count / lengthUs : 0;
});
const highest = Math.max(...bars);
const [width, height] = [960, 300];
const rects = bars.map((rate, index) => {
  const [barWidth, barHeight] = [width / bars.length, height * rate / highest];
  const place = `x="${(index * barWidth).toFixed(2)}" y="${(height - barHeight).toFixed(2)}"`;
  return `<rect ${place} width="${barWidth.toFixed(2)}" height="${barHeight.toFixed(2)}"/>`;
});
const seconds = (us: number) => `${(us / 1e6).toFixed(3)} s`;
const path = join(folder, "event_rate.svg");
await writeFile(
  path,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -50 ${width + 40} ${height + 100}" font-family="sans-serif">
<text x="0" y="-20" font-size="18">up to ${(highest / 1e6).toFixed(2)} million events per second</text>
<g fill="#3070c0" shape-rendering="crispEdges">${rects.join("\n")}</g>
<path d="M0 ${height}H${width}" stroke="#444"/>
<text x="0" y="${height + 24}" font-size="16">${seconds(start)}</text>
<text x="${width}" y="${height + 24}" font-size="16" text-anchor="end">${seconds(last!)}</text>
</svg>
`,
);
console.log(`${path}: ${polarityEvents} events in ${counts.length} intervals of ${intervalUs} µs`);
