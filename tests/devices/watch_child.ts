/** Starts to watch, and has nothing else to do. */

import { watchDevices } from "../../mod.ts";

const watcher = await watchDevices({ libusb: "virtual", intervalMs: 10 });
console.log(`watching ${watcher.devices.length}`);
