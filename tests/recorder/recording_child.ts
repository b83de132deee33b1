/**
 * A program of `main.ts`: records the pattern at a rate until it is killed or the disk is full:
 * `recording_child.ts PATH BYTES_PER_SECOND`. Prints first which number of the pattern came when, and at last how it ended.
 */

import process from "node:process";
import { configureVirtualBus, open } from "../../mod.ts";

const [path, rate] = process.argv.slice(2);
await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: Number(rate) }]);
// A short ring, as no loop reads it.
await using device = await open({
  libusb: "virtual",
  raw: true,
  usbConfiguration: { ringLength: 64 },
  iteratorMaximumRawPackets: 1,
});
const recorder = device.recordTo(path!);
for await (const { status, packet } of device) {
  const halves = new Uint32Array(packet.buffer, packet.byteOffset, packet.length / 4);
  const number = halves.at(-2)! + halves.at(-1)! * 2 ** 32;
  console.log(JSON.stringify({ receivedMs: status.receivedMs, number }));
  break;
}
const { reason, bytes, error } = await recorder.finished;
console.log(JSON.stringify({ reason, bytes, code: error?.code }));
