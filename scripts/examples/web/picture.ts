/**
 * Draw a picture
 *
 * Each event colours its pixel: ON events in one colour, OFF events in another. Thirty times a second the picture is shown
 * and begins anew, so that it shows what moved since the last one.
 */
/// <reference lib="dom" />

import { createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb({ bytesPerSecond: 5_000_000 });
const device = await open(await usb.requestDevice({ filters: [] }), { usb });
const { width, height } = device.properties;
const canvas = Object.assign(document.createElement("canvas"), { width, height });
document.querySelector("#picture")?.replaceChildren(canvas);
const context = canvas.getContext("2d");
const image = new ImageData(width, height);
const pixels = new Uint32Array(image.data.buffer); // alpha, blue, green, red

let shownMs = 0;
for await (const { status, packet } of device) {
  if (packet.polarityEvents !== undefined) {
    const { x, y, on } = packet.polarityEvents;
    x.forEach((column, index) => {
      pixels[column + width * (y[index] ?? 0)] = on[index] ? 0xff35a8f5 : 0xffd0722a;
    });
  }
  if (performance.now() - shownMs > 33) {
    context?.putImageData(image, 0, 0);
    pixels.fill(0xff000000);
    shownMs = performance.now();
  }
  if ((status.currentTime ?? 0) > 3_000_000) break; // three seconds of the sensor's clock
}
console.log("three seconds are over");
await device.close();
