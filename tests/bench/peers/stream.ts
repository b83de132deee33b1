/** This library as a program that counts a camera's events: `stream.ts SECONDS`. Prints a line of JSON. */

import process from "node:process";
import { open } from "../../../mod.ts";
import type { Streaming } from "./decoding.ts";

const durationMs = 1e3 * Number(process.argv[2]);

await using device = await open({ libusb: "virtual", reuseBuffers: true });
let bytes = 0;
let events = 0;
let droppedTransfers = 0;
const delaysMs: number[] = [];
const cpu = process.cpuUsage();
const startMs = performance.now();
for await (const { status, packet } of device) {
  bytes += status.bytes;
  events += packet.polarityEvents?.t.length ?? 0;
  droppedTransfers += status.droppedTransfers;
  delaysMs.push(status.delayMs);
  if (performance.now() - startMs > durationMs) break;
}
const seconds = (performance.now() - startMs) / 1e3;
const { user, system } = process.cpuUsage(cpu);
delaysMs.sort((first, second) => first - second);
const at = (share: number): number => delaysMs[Math.floor(share * (delaysMs.length - 1))]!;
const report: Streaming = {
  seconds,
  bytes,
  events,
  cpuSeconds: (user + system) / 1e6,
  droppedTransfers,
  medianDelayMs: at(0.5),
  p99DelayMs: at(0.99),
};
console.log(JSON.stringify(report));
