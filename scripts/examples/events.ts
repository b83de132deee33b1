/** Prints what arrives from the first camera; from the virtual one with the argument "virtual". Ctrl-C ends it. */

import process from "node:process";
import { open } from "../../mod.ts";

const device = await open({ libusb: process.argv.includes("virtual") ? "virtual" : "system" });
console.log(device.name, device.serial);
process.once("SIGINT", () => device.close()); // without it Ctrl-C would leave the sensor on

for await (const { status, packet } of device) {
  if (packet.polarityEvents === undefined) continue;
  const { t, x, y, on } = packet.polarityEvents;
  console.log(`${t.length} events, ${status.delayMs.toFixed(1)} ms old, (${x[0]}, ${y[0]}) ${on[0] ? "ON" : "OFF"}`);
}
