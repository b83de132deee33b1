/**
 * Hear a trigger
 *
 * Cameras have an input for pulses of other devices: a shutter, a motor, a second camera. Their edges come with the time of
 * the sensor's clock, in columns of their own.
 */

import { createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb({ triggerHz: 100 });
const device = await open(await usb.requestDevice({ filters: [] }), { usb });

let edges = 0;
for await (const { packet } of device) {
  if (packet.triggerEvents === undefined) continue;
  const { t, id, edge } = packet.triggerEvents;
  t.forEach((time, index) => {
    console.log(`${time} µs: input ${id[index]} ${edge[index] === 1 ? "rises" : "falls"}`);
  });
  edges += t.length;
  if (edges >= 10) break;
}
await device.close();
