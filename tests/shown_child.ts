/** Prints a device, a watcher and a decoder, open and closed, as programs do. */

import { createDecoder, open, watchDevices } from "../mod.ts";

const libusb = "virtual";
const device = await open({ libusb });
const watcher = await watchDevices({ libusb });
const decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
console.log(device);
console.log({ device });
console.log(watcher);
console.log(decoder);
for (const _ of decoder.decode(Uint8Array.of(0x01, 0x80, 0x07, 0x60)));
for (const open of [device, watcher, decoder]) open.close();
console.log(device);
console.log(watcher);
console.log(decoder);
// Prototypes lack what their objects have; printing them throws nothing.
console.log(Object.getPrototypeOf(device), Object.getPrototypeOf(watcher), Object.getPrototypeOf(decoder));
