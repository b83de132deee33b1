/** Prints cameras as they come and go, for a second. The argument `virtual` takes the virtual camera. */

import process from "node:process";
import { configureVirtualBus, watchDevices } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using watcher = await watchDevices({ libusb, intervalMs: 100 });
watcher.addEventListener("connect", ({ device }) => console.log("connected:", device.name, device.serial));
watcher.addEventListener("disconnect", ({ device }) => console.log("disconnected:", device.name, device.serial));
for (const { name, serial, error } of watcher.devices) console.log("there already:", name, serial ?? error?.message);

if (libusb === "virtual") await configureVirtualBus([{ model: "silkyevcam-hd", serial: "00050ABC" }]);
await new Promise((resolve) => setTimeout(resolve, 1000));
