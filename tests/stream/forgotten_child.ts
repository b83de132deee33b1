/** Forgets devices, each read in another way before, and a decoder; says when the garbage collector has closed them. */

import { type AnyPacket, type CameraType, configureVirtualBus, createDecoder, type Device, open } from "../../mod.ts";
import { collectGarbage } from "../support/garbage.ts";
import { countFreeDecoders } from "../support/decoders.ts";
import { eventually } from "../support/eventually.ts";
import { assertNothingLeft } from "../support/virtual.ts";

type AnyDevice = Device<CameraType, AnyPacket | undefined>;

const readings: readonly ((device: AnyDevice) => Promise<unknown>)[] = [
  (device) => device[Symbol.asyncIterator]().next(),
  async (device) => {
    for await (const _ of device) break;
  },
  async (device) => {
    for (const _ of device) return await Promise.resolve();
  },
  (device) => device.readable.getReader().read(),
  async (device) => {
    for await (const _ of device.readable) break;
  },
  async (device) => {
    const { readable } = device;
    return await Promise.resolve(readable);
  },
];

const free = await countFreeDecoders();
await configureVirtualBus(readings.map((_, index) => ({ serial: String(index + 1), bytesPerSecond: 1e6 })));
for (const [index, read] of readings.entries()) await forget(index, read);
await eventually("the garbage collector's work", async () => {
  collectGarbage();
  return await assertNothingLeft().then(() => true, () => undefined);
});
await eventually("the same for the decoders", async () => {
  collectGarbage();
  return await countFreeDecoders() === free || undefined;
});
console.log("closed");

/** A function of its own, so that no variable keeps them. */
async function forget(index: number, read: (device: AnyDevice) => Promise<unknown>): Promise<void> {
  await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const device = await open({ libusb: "virtual", serial: String(index + 1).padStart(8, "0") });
  await read(device);
  if (device.closed) console.log(`closed by reading ${index}`);
}
