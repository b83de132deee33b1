/**
 * Look at events
 *
 * A camera is opened and gives packets of events: columns with the time in µs, the pixel, and whether it became brighter.
 * The virtual camera takes the place of a real one here. For a real one, leave `usb` out, and ask for it in the handler of
 * a click: `const usbDevice = await requestDevice()`.
 */

import { createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb(); // one EVK4 that sees a rotating star
const usbDevice = await usb.requestDevice({ filters: [] });
const device = await open(usbDevice, { usb });
console.log(`${device.name} ${device.serial}, ${device.properties.width} x ${device.properties.height}`);

let packets = 0;
for await (const { status, packet } of device) {
  if (packet.polarityEvents === undefined) continue;
  const { t, x, y, on } = packet.polarityEvents;
  console.log(`${t.length} events, ${status.delayMs.toFixed(1)} ms old, (${x[0]}, ${y[0]}) ${on[0] ? "ON" : "OFF"}`);
  if (++packets === 20) break;
}
await device.close();
