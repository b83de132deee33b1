/**
 * Let pictures fade
 *
 * An accumulator keeps each pixel's last event and draws it as bright as it is new. It is drawn whenever the screen wants a
 * picture, also where no events come. Other kinds count events: `"count"`, and by time `"voxel"`.
 */
/// <reference lib="dom" />

import { createAccumulator, createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb({ bytesPerSecond: 5_000_000 });
const device = await open(await usb.requestDevice({ filters: [] }), { usb, reuseBuffers: true });
const { width, height } = device.properties;
const accumulator = await createAccumulator({ kind: "decay", width, height, tauUs: 30_000 });
const canvas = Object.assign(document.createElement("canvas"), { width, height });
document.querySelector("#picture")?.replaceChildren(canvas);
const context = canvas.getContext("2d");

let shownMs = 0;
let pictures = 0;
for await (const { status, packet } of device) {
  accumulator.add(packet);
  if (performance.now() - shownMs > 33) {
    const pixels = accumulator.image({ t: status.currentTime, colorMap: "orange-blue" });
    context?.putImageData(new ImageData(pixels, width, height), 0, 0);
    shownMs = performance.now();
    pictures += 1;
  }
  if ((status.currentTime ?? 0) > 3_000_000) break; // three seconds of the sensor's clock
}
console.log(`${pictures} pictures`);
accumulator.close();
await device.close();
