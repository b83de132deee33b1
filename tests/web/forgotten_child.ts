/** Forgets an open device: the garbage collector closes it, and the camera is free for another. */

import { describeVirtualBus } from "../../mod.ts";
import { collectGarbage } from "../support/garbage.ts";
import { eventually } from "../support/eventually.ts";
import { openWith } from "./testing/opened.ts";
import { TestUsb } from "./testing/usb_device.ts";

const usb = await TestUsb.open();
await openAndForget();
await eventually("the device's end", async () => {
  collectGarbage();
  const { claims, cameras } = await describeVirtualBus();
  return claims === 0 && cameras[0]?.streaming === false || undefined;
});
await usb.close();
console.log("closed");

/** A function of its own, so that no variable keeps the device. */
async function openAndForget(): Promise<void> {
  const device = await openWith(usb, { bytesPerSecond: 500_000 });
  for await (const _ of device) break;
}
