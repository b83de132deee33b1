/**
 * Gives the same packets to two consumers: a rate meter, and a search for the busiest row.
 * The argument `virtual` takes the virtual camera.
 */

import process from "node:process";
import { open, type Packet, type StreamItem } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ libusb });
const [first, second] = device.readable.tee();

async function meterRate(items: ReadableStream<StreamItem<Packet>>): Promise<void> {
  let events = 0;
  for await (const { status, packet } of items) {
    events += packet.polarityEvents?.t.length ?? 0;
    if (status.currentTime !== undefined && status.currentTime > 200_000) break;
  }
  console.log(`${(events / 0.2 / 1e6).toFixed(1)} million events a second`);
}

async function findBusiestRow(items: ReadableStream<StreamItem<Packet>>): Promise<void> {
  const counts = new Uint32Array(device.properties.height);
  for await (const { status, packet } of items) {
    for (const row of packet.polarityEvents?.y ?? []) counts[row]! += 1;
    if (status.currentTime !== undefined && status.currentTime > 200_000) break;
  }
  console.log(`the busiest row is ${counts.indexOf(Math.max(...counts))}`);
}

await Promise.all([meterRate(first), findBusiestRow(second)]);
