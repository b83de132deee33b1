/** Moves events to a Worker, which makes an image of them. The argument `virtual` takes the virtual camera. */

import process from "node:process";
import { Worker } from "node:worker_threads";
import { open } from "../../mod.ts";

const libusb = process.argv.includes("virtual") ? "virtual" : "system";
await using device = await open({ libusb });
const { width, height } = device.properties;
const worker = new Worker(new URL("worker_thread.ts", import.meta.url), { workerData: { width, height } });

for await (const { status, packet } of device) {
  const { polarityEvents } = packet;
  if (polarityEvents !== undefined) worker.postMessage(polarityEvents, [packet.buffer]); // moved, not copied
  if (status.currentTime !== undefined && status.currentTime > 200_000) break;
}
worker.postMessage("how bright?");
const answer = await new Promise((resolve) => worker.once("message", resolve));
console.log(answer);
await worker.terminate();
