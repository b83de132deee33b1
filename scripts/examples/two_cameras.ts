/**
 * Streams from two cameras on one clock: the secondary follows the primary's.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { configureVirtualBus, type Device, listDevices, open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
if (libusb === "virtual") await configureVirtualBus([{ serial: "00000001" }, { serial: "00000002" }]);
const [one, two] = await listDevices({ libusb });
if (one === undefined || two === undefined) {
  throw new Error("two cameras are needed, joined by their synchronisation pins");
}

const type = "prophesee-evk4";
await using secondary = await open({ libusb, type, serial: two.serial, configuration: { clock: "external" } });
await using primary = await open({
  libusb,
  type,
  serial: one.serial,
  configuration: { clock: "internal-with-output" },
});

/** Events until the sensor's clock says 200 ms. */
async function countEvents(device: Device): Promise<void> {
  let events = 0;
  for await (const { status, packet } of device) {
    events += packet.polarityEvents?.t.length ?? 0;
    if (status.currentTime !== undefined && status.currentTime > 200_000) break;
  }
  console.log(`${device.name} ${device.serial}: ${events} events in the first 200 ms`);
}

await Promise.all([countEvents(primary), countEvents(secondary)]);
