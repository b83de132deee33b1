/** Workers that are terminated while they stream: no runtime runs any of their JavaScript any more. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { configureVirtualBus, describeVirtualBus, open } from "../../mod.ts";
import { countFreeDecoders } from "../support/decoders.ts";
import { eventually } from "../support/eventually.ts";
import { countHalfOpenPipes } from "../support/pipes.ts";
import { runtime, slow } from "../support/test.ts";
import { assertNothingLeft } from "../support/virtual.ts";

/** Deno tells of a Worker's end before its thread has ended. */
function release(): Promise<unknown> {
  return eventually("the camera's release", async () => {
    const { contexts, handles, claims, transfersAllocated } = await describeVirtualBus();
    return contexts + handles + claims + transfersAllocated === 0 || undefined;
  });
}

/** Bun closes a pipe a while after its stream: what was there at first may include one of an earlier test. */
async function countOthers(): Promise<{ freeDecoders: number; pipes: number }> {
  return { freeDecoders: await countFreeDecoders(), pipes: countHalfOpenPipes() };
}

function releaseOfOthers(before: { freeDecoders: number; pipes: number }): Promise<unknown> {
  return eventually("the release of all else", async () => {
    const now = await countOthers();
    return now.freeDecoders >= before.freeDecoders && now.pipes <= before.pipes || undefined;
  });
}

for (const blocking of [false, true]) {
  // Not even one in `for (;;) {}`; it lets go when its thread ends.
  const skip = blocking && runtime === "deno" && "Deno 2.9 does not end a Worker that never yields";
  test(
    `a terminated Worker ${blocking ? "in a blocking loop " : ""}lets go of its camera, decoder and pipe`,
    { skip, ...slow },
    async () => {
      await configureVirtualBus([{ bytesPerSecond: 1e6 }]);
      const before = await countOthers();
      for (let round = 0; round < 3; round++) {
        const worker = new Worker(new URL("./streaming_worker.ts", import.meta.url), { workerData: { blocking } });
        await once(worker, "message"); // after its tenth iteration: it has waited
        assert.equal((await describeVirtualBus()).claims, 1);
        await worker.terminate();
        await release();
        await releaseOfOthers(before);
      }
      await using device = await open({ libusb: "virtual" });
      for await (const { packet } of device) if (packet.polarityEvents !== undefined) break;
      device.close();
      await assertNothingLeft();
      await releaseOfOthers(before);
    },
  );
}

test("a Worker that is terminated while it opens a camera lets go of it", slow, async () => {
  // Late replies: the opening takes a minute.
  await configureVirtualBus([{ faults: [{ kind: "delay", endpoint: 0x82, times: 0, delayMs: 100 }] }]);
  const worker = new Worker(new URL("./opening_worker.ts", import.meta.url));
  await eventually("the opening's first steps", async () => (await describeVirtualBus()).claims === 1 || undefined);
  await worker.terminate();
  await release();
  await configureVirtualBus([{}]);
  await using device = await open({ libusb: "virtual" });
  device.close();
  await assertNothingLeft();
});
