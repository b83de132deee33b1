/** A Worker of `worker_test.ts`: streams until it is terminated, in a loop that blocks or in one that does not. */

import { parentPort, workerData } from "node:worker_threads";
import { open } from "../../mod.ts";

const device = await open({ libusb: "virtual" });
let iterations = 0;
if (workerData.blocking) {
  for (const _ of device) tell();
} else {
  for await (const _ of device) tell();
}

function tell(): void {
  iterations += 1;
  if (iterations === 10) parentPort!.postMessage("streams");
}
