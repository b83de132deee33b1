/** Lets the sensor drop events beyond a rate, while it streams. The argument `virtual` takes the virtual camera. */

import process from "node:process";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ type: "prophesee-evk4", libusb });

/** Events in 100 ms of the sensor's time. */
async function countEvents(): Promise<number> {
  device.clearBacklog();
  let events = 0;
  let start: number | undefined;
  for await (const { status, packet } of device) {
    start ??= status.currentTime;
    events += packet.polarityEvents?.t.length ?? 0;
    if (status.currentTime! - start! >= 100_000) break;
  }
  return events;
}

console.log(`without a limit: ${await countEvents()} events in 100 ms`);
device.updateConfiguration({ rateLimiter: { maximumEventsPerSecond: 500_000 } });
console.log(`at most 500,000 events in a second: ${await countEvents()} events in 100 ms`);
