/** A Worker of `recorder_faults_test.ts`: records until it is terminated. */

import { parentPort, workerData } from "node:worker_threads";
import { open } from "../../mod.ts";

const device = await open({ libusb: "virtual" });
const recorder = device.recordTo(workerData.path);
let told = false;
for await (const _ of device) {
  if (told || recorder.statistics.bytes < 60_000) continue;
  told = true;
  parentPort!.postMessage("recorded");
}
