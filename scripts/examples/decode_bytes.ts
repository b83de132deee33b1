/**
 * Decodes bytes that come from anywhere, here from a camera in raw mode.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { createDecoder, open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ libusb, raw: true });
const { width, height } = device.properties;
using decoder = await createDecoder({ format: "evt3", width, height });

for await (const { packet: bytes } of device) {
  for (const { polarityEvents } of decoder.decode(bytes)) {
    if (polarityEvents !== undefined) console.log(`${bytes.length} bytes: ${polarityEvents.t.length} events`);
  }
  if (decoder.currentTime !== undefined && decoder.currentTime > 50_000) break;
}
console.log(decoder.statistics);
