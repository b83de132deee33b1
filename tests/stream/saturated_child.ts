/**
 * Reads cameras that always have a packet, and fails outside of the loops in the way that the first parameter says. The
 * second one is the number of cameras. A program that goes on all the same says so, and ends itself.
 */

import { writeSync } from "node:fs";
import process from "node:process";
import { configureVirtualBus, listDevices } from "../../mod.ts";
import { fastCamera, openFast, readSlowly } from "./testing/saturation.ts";

const failures: Readonly<Record<string, () => void>> = {
  throw() {
    throw new Error("on purpose");
  },
  reject() {
    Promise.reject(new Error("on purpose"));
  },
};

/** Many times the packets that a loop reads in a turn. */
const tooMany = 2_000;

const [way, cameras] = process.argv.slice(2) as [string, string];
await configureVirtualBus(Array.from({ length: Number(cameras) }, () => fastCamera));
const devices = await listDevices({ libusb: "virtual" });
const opened = await Promise.all(devices.map(({ serial }) => openFast(serial)));
for (const device of opened) {
  readSlowly(device, tooMany, () => false).then(() => {
    writeSync(1, "went on\n");
    process.exit(2);
  });
}
setTimeout(failures[way]!, 100);
