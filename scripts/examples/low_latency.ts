/**
 * Stays in the present though each packet takes long: throws old transfers away.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ libusb });

let thrownAway = 0;
let packets = 0;
for await (const { status, packet } of device) {
  console.log(`${packet.polarityEvents?.t.length ?? 0} events, ${status.delayMs.toFixed(1)} ms old`);
  await new Promise((resolve) => setTimeout(resolve, 50)); // the program's work
  thrownAway += device.clearBacklog({ until: 8 }).bytes; // keeps the newest 8 transfers
  if (++packets === 20) break;
}
console.log(`${thrownAway} bytes were thrown away to keep up`);
