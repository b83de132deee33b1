/**
 * Measures the event rate for several contrast thresholds of ON events, in one loop for each: offsets from the chip's own.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ type: "prophesee-evk4", libusb });

for (const diffOn of [-10, 0, 20, 40]) {
  device.updateConfiguration({ biases: { diffOn } });
  device.clearBacklog(); // events of the threshold before may still wait in the ring
  let events = 0;
  let start: number | undefined;
  for await (const { status, packet } of device) {
    if (status.currentTime === undefined) continue;
    start ??= status.currentTime;
    events += packet.polarityEvents?.t.length ?? 0;
    if (status.currentTime - start >= 100_000) break; // leaves the loop; the camera stays open
  }
  console.log(`diffOn ${diffOn}: ${(events / 0.1 / 1e6).toFixed(2)} million events a second`);
}
