/**
 * Decodes bytes that come from anywhere, here from a camera in raw mode, and tells the decoder where some were lost.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { createDecoder, open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ libusb, raw: true });
using decoder = await createDecoder(device.decoderOptions);

let events = 0;
function decode(bytes: Uint8Array): void {
  for (const { polarityEvents } of decoder.decode(bytes)) events += polarityEvents?.t.length ?? 0;
}

for await (const { status, packet } of device) {
  let start = 0;
  for (const { byteIndex, silenceUs } of status.gaps) { // bytes were lost before this one
    decode(packet.subarray(start, byteIndex));
    decoder.gap(silenceUs);
    start = byteIndex;
  }
  decode(packet.subarray(start));
  if (decoder.currentTime !== undefined && decoder.currentTime > 50_000) break;
}
const { words, skippedWords } = decoder.statistics;
console.log(`${events} events in ${words} words, ${skippedWords} of them skipped, until ${decoder.currentTime} µs`);
