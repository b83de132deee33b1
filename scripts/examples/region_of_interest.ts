/** Lets only a rectangle of pixels send events. The argument `virtual` takes the virtual camera. */

import process from "node:process";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ type: "prophesee-evk4", libusb });

device.updateConfiguration({ regionOfInterest: { x: 500, y: 200, width: 280, height: 320 } });
device.clearBacklog(); // events from outside may still wait in the ring
let [left, right] = [Infinity, -Infinity];
for await (const { status, packet } of device) {
  for (const column of packet.polarityEvents?.x ?? []) {
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  }
  if (status.currentTime !== undefined && status.currentTime > 200_000) break;
}
console.log(`events came from columns ${left} to ${right}`);
