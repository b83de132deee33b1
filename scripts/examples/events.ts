/** Prints what arrives from the first camera; with the argument "virtual", twenty packets of the virtual one. */

import process from "node:process";
import { open } from "../../mod.ts";

const isVirtual = process.argv.includes("virtual");
await using device = await open({ libusb: isVirtual ? "virtual" : "system" });
console.log(device.name, device.serial);
process.once("SIGINT", () => device.close()); // without it Ctrl-C would leave the sensor on

let packets = 0;
for await (const { status, packet } of device) {
  if (packet.polarityEvents === undefined) continue;
  const { t, x, y, on } = packet.polarityEvents;
  console.log(`${t.length} events, ${status.delayMs.toFixed(1)} ms old, (${x[0]}, ${y[0]}) ${on[0] ? "ON" : "OFF"}`);
  if (isVirtual && ++packets === 20) break;
}
device.close();
