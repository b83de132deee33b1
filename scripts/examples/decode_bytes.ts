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
  for (const { byteIndex, droppedTransfers, silenceUs } of status.gaps) {
    decode(packet.subarray(start, byteIndex));
    if (droppedTransfers > 0) decoder.gap(silenceUs); // bytes were lost before this one
    else decoder.pause(silenceUs); // nothing came for a while, and nothing was lost
    start = byteIndex;
  }
  decode(packet.subarray(start));
  if (decoder.currentTime !== undefined && decoder.currentTime > 50_000) break;
}
const { words, skippedWords } = decoder.statistics;
console.log(`${events} events in ${words} words, ${skippedWords} of them skipped, until ${decoder.currentTime} µs`);
