/**
 * See what is lost
 *
 * A page that is busy does not read in time. Then data is dropped, and counted: `status` tells how much, and where in the
 * packet it is missing. Nothing is lost silently.
 */

import { createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb({ bytesPerSecond: 40_000_000 });
const device = await open(await usb.requestDevice({ filters: [] }), {
  usb,
  usbConfiguration: { ringLength: 64, transferQueueLength: 16 },
});

let packets = 0;
let dropped = 0;
for await (const { status } of device) {
  dropped += status.droppedBytes;
  for (const { droppedBytes } of status.gaps) {
    if (droppedBytes > 0) console.log(`${droppedBytes} bytes are missing before the events of packet ${packets}`);
  }
  if (++packets % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 500)); // busy with something else
  if (packets === 100) break;
}
console.log(`${device.statistics.bytes} bytes came, ${dropped} were dropped`);
await device.close();
