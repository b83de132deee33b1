/** Where a device lives and ends: in a Worker, forgotten by its page, recorded while it is forgotten. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describeVirtualBus } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";

test("a dedicated Worker opens a camera and gets every byte and event of it", slow, async () => {
  const worker = new Worker(new URL("./streaming_worker.ts", import.meta.url));
  const [{ bytes, events, statistics }] = await once(worker, "message");
  await worker.terminate();
  const { bytesEmitted } = (await describeVirtualBus()).cameras[0]!;
  assert.equal(statistics.bytes, bytesEmitted);
  assert.equal(statistics.bytes, bytes + statistics.backlogBytes);
  assert.equal(statistics.decoder.polarityEvents, events);
});

test("a device that the page has forgotten is closed by the garbage collector", slow, async () => {
  const { output } = await runChild(new URL("./forgotten_child.ts", import.meta.url), {
    exposesGarbageCollector: true,
  });
  assert.match(output, /closed/);
});
