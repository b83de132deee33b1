/** Opens a camera of the libusb whose path the first parameter is, takes events, and closes it. */

import process from "node:process";
import { open } from "../../mod.ts";

await using device = await open({ libusb: process.argv[2]! });
for await (const { packet } of device) {
  if (packet.polarityEvents === undefined) continue;
  console.log(`${packet.polarityEvents.t.length} events of ${device.name}`);
  break;
}
