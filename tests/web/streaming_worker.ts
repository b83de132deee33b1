/** A Worker of `worker_test.ts`: opens a camera as a page does, counts what it gets, and tells. */

import { parentPort } from "node:worker_threads";
import { openWith } from "./testing/opened.ts";
import { TestUsb } from "./testing/usb_device.ts";

const usb = await TestUsb.open();
const device = await openWith(usb, { bytesPerSecond: 500_000 });
let [bytes, events] = [0, 0];
for await (const { status, packet } of device) {
  bytes += status.bytes;
  if (packet !== undefined && "polarityEvents" in packet) events += packet.polarityEvents?.t.length ?? 0;
  if (bytes > 200_000) break;
}
await device.close();
const { statistics } = device;
await usb.close();
parentPort!.postMessage({ bytes, events, statistics });
