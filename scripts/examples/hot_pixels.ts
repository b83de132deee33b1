/**
 * Masks the pixels that send the most events: the sensor has registers for 64.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ type: "prophesee-evk4", libusb });
const { width, height } = device.properties;

const counts = new Uint32Array(width * height);
for await (const { status, packet } of device) {
  const { x, y } = packet.polarityEvents ?? { x: [], y: [] };
  for (let index = 0; index < x.length; ++index) counts[y[index]! * width + x[index]!]! += 1;
  if (status.currentTime !== undefined && status.currentTime > 500_000) break;
}

const busiest = Array.from(counts.keys()).sort((first, second) => counts[second]! - counts[first]!).slice(0, 64);
device.updateConfiguration({ pixelMask: busiest.map((pixel) => ({ x: pixel % width, y: Math.floor(pixel / width) })) });
console.log(`masked ${busiest.length} pixels; the busiest had sent ${counts[busiest[0]!]} events in half a second`);
