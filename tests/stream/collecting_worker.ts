/** A Worker of `natural_programs_test.ts`: collects the packets that are posted to it, and gives them back at the end. */

import { Buffer } from "node:buffer";
import { parentPort } from "node:worker_threads";

const packets: Uint8Array[] = [];
parentPort!.on("message", (message: Uint8Array | "end") => {
  if (message === "end") parentPort!.postMessage(new Uint8Array(Buffer.concat(packets)));
  else packets.push(message);
});
