/** A Worker of `worker_test.ts`: makes decoders and keeps them until it is terminated. */

import { parentPort, workerData } from "node:worker_threads";
import { createDecoder, type Decoder } from "../../mod.ts";

const decoders: Decoder[] = [];
for (let made = 0; made < workerData.decoders; made++) {
  decoders.push(await createDecoder({ format: "evt3", width: 1280, height: 720 }));
}
parentPort!.on("message", () => decoders.length); // keeps it alive, and them
parentPort!.postMessage("made");
