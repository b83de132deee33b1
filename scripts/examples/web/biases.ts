/**
 * Turn biases
 *
 * Biases are offsets from the chip's own values. A higher `diffOn` lets fewer ON events through. What came before a change
 * may still wait, so it is thrown away.
 */

import { createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb();
const device = await open(await usb.requestDevice({ filters: [] }), { usb, type: "prophesee-evk4" });

for (const diffOn of [0, 20, 40, 80]) {
  await device.updateConfiguration({ biases: { diffOn } });
  device.clearBacklog();
  let events = 0;
  let on = 0;
  for await (const { packet } of device) {
    if (packet.polarityEvents === undefined) continue;
    events += packet.polarityEvents.t.length;
    for (const brighter of packet.polarityEvents.on) on += brighter;
    if (events > 100_000) break;
  }
  console.log(`diffOn ${diffOn}: ${(100 * on / events).toFixed(0)} % of the events are ON`);
}
await device.close();
