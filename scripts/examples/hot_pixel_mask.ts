/**
 * Finds the hot pixels of a recording, writes them as a mask for the camera, and draws where they are:
 * `hot_pixel_mask.ts RECORDING`. The argument `virtual` records the virtual camera first.
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { summarizeRecording } from "../../mod.ts";
import { folder, recordingPath } from "./support/recording.ts";

const { hotPixels, geometry, polarityEvents } = await summarizeRecording(await recordingPath(2));
const { width, height } = geometry!;

const pixelMask = hotPixels.slice(0, 64).map(({ x, y }) => ({ x, y })); // an EVK4 has registers for 64
const maskPath = join(folder, "pixel_mask.json");
await writeFile(maskPath, JSON.stringify({ pixelMask })); // device.updateConfiguration takes it
console.log(`${maskPath}: ${pixelMask.length} pixels`);

const largest = hotPixels[0]?.events ?? 1;
const circles = hotPixels.map(({ x, y, events }) => {
  const radius = (4 + 12 * Math.sqrt(events / largest)).toFixed(1);
  return `<circle cx="${x}" cy="${y}" r="${radius}"><title>(${x}, ${y}): ${events} events</title></circle>`;
});
const share = 100 * hotPixels.reduce((sum, { events }) => sum + events, 0) / polarityEvents;
const plotPath = join(folder, "hot_pixels.svg");
await writeFile(
  plotPath,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -60 ${width + 40} ${height + 80}" font-family="sans-serif">
<text x="0" y="-26" font-size="28">${hotPixels.length} hot pixels with ${share.toFixed(2)} % of all events</text>
<rect width="${width}" height="${height}" fill="#f4f4f4" stroke="#888"/>
<g fill="#d04020" fill-opacity="0.6" stroke="#701000">${circles.join("\n")}</g>
</svg>
`,
);
console.log(plotPath);
