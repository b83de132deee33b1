/**
 * Opens a recording as a camera, so that a program for cameras can be tried on it: `replay.ts RECORDING`. The argument
 * `virtual` records the virtual camera first.
 */

import { configureVirtualBus, open } from "../../mod.ts";
import { recordingPath } from "./support/recording.ts";

const path = await recordingPath();

await configureVirtualBus([{ source: { kind: "recording", path } }]); // RAW in EVT3, again and again
await using device = await open({ libusb: "virtual" });
let events = 0;
for await (const { packet } of device) {
  events += packet.polarityEvents?.t.length ?? 0;
  if (events > 100_000) break;
}
console.log(`${device.name} ${device.serial} sent ${events} events of ${path}`);
