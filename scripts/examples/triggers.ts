/** Prints edges on the trigger input. The argument `virtual` takes the virtual camera. */

import process from "node:process";
import { configureVirtualBus, open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
if (libusb === "virtual") await configureVirtualBus([{ triggerHz: 100 }]);
await using device = await open({ libusb });

let edges = 0;
for await (const { packet } of device) {
  const { t, id, edge } = packet.triggerEvents ?? { t: [], id: [], edge: [] };
  for (let index = 0; index < t.length; ++index) {
    console.log(`${t[index]} µs: input ${id[index]} ${edge[index] === 1 ? "rises" : "falls"}`);
  }
  edges += t.length;
  if (edges >= 10) break;
}
