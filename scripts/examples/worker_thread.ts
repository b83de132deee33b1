/** The Worker of `worker.ts`: adds events up, +1 for ON and -1 for OFF, and tells of the image when it is asked. */

import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { PolarityEvents } from "../../mod.ts";

if (isMainThread) console.log("this file is the Worker of worker.ts");
const { width, height } = workerData ?? { width: 0, height: 0 };
const image = new Int32Array(width * height);
let events = 0;

parentPort?.on("message", (message: PolarityEvents | string) => {
  if (typeof message === "string") {
    const brighter = image.reduce((count, value) => count + Number(value > 0), 0);
    parentPort!.postMessage(`${events} events; ${brighter} of ${image.length} pixels became brighter`);
    return;
  }
  const { t, x, y, on } = message;
  for (let index = 0; index < t.length; ++index) image[y[index]! * width + x[index]!]! += on[index] === 1 ? 1 : -1;
  events += t.length;
});
