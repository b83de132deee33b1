/** Decoders of Workers that are terminated: no runtime runs any of their JavaScript any more. */

import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { countFreeDecoders } from "../support/decoders.ts";
import { eventually } from "../support/eventually.ts";
import { slow } from "../support/test.ts";

test("a terminated Worker lets go of its decoders", slow, async () => {
  const decoders = 100;
  for (let round = 0; round < 3; round++) {
    const worker = new Worker(new URL("./forgetting_worker.ts", import.meta.url), { workerData: { decoders } });
    await once(worker, "message");
    const free = await countFreeDecoders();
    await worker.terminate();
    // Deno tells of the end before the thread has ended.
    await eventually("the decoders' end", async () => await countFreeDecoders() >= free + decoders || undefined);
  }
});
