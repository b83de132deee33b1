/**
 * Look at a rectangle only
 *
 * The sensor sends nothing from other pixels, so that the bus is free for those that matter.
 */

import { createVirtualUsb, open } from "../../../src/web/mod.ts";

const usb = await createVirtualUsb();
const device = await open(await usb.requestDevice({ filters: [] }), { usb, type: "prophesee-evk4" });
const rect = { x: 500, y: 200, width: 280, height: 320 };
await device.updateConfiguration({ regionOfInterest: rect });
device.clearBacklog();

let [inside, outside] = [0, 0];
for await (const { packet } of device) {
  if (packet.polarityEvents === undefined) continue;
  const { x, y } = packet.polarityEvents;
  x.forEach((column, index) => {
    const [across, down] = [column - rect.x, (y[index] ?? 0) - rect.y];
    if (across >= 0 && across < rect.width && down >= 0 && down < rect.height) inside++;
    else outside++;
  });
  if (inside > 100_000) break;
}
console.log(`${inside} events inside; ${outside} outside, which were under way before the change`);
await device.close();
