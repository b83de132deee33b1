/** Packets moved to a Worker as README says: the columns are posted, and the one buffer behind them is transferred. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { type CameraType, configureVirtualBus, type Device, open, type Packet } from "../../mod.ts";
import { largestReusedCopy } from "../../src/packets/packet_memory.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { slow } from "../support/test.ts";

/** What the Worker says that it got, for a packet of which both were moved. */
async function move(worker: Worker, message: object, buffer: ArrayBuffer): Promise<unknown> {
  worker.postMessage(message, [buffer]);
  assert.equal(buffer.byteLength, 0, "moved, not copied");
  const [answer] = await once(worker, "message");
  return answer;
}

/** A few bytes in each packet, or as many as there is room for: the smaller ones are copies, with another layout. */
const sizes = [
  { size: "small", bytesPerSecond: 1e6, reuseBuffers: false },
  { size: "large", bytesPerSecond: 0, reuseBuffers: false },
  { size: "small", bytesPerSecond: 1e6, reuseBuffers: true },
  { size: "large", bytesPerSecond: 0, reuseBuffers: true },
] as const;

for (const { size, bytesPerSecond, reuseBuffers } of sizes) {
  const name = `${size} packets${reuseBuffers ? " of reused buffers" : ""}`;
  test(`${name} with events, moved to a Worker, arrive whole`, slow, async () => {
    await configureVirtualBus([{ source: { kind: "sequence" }, bytesPerSecond }]);
    await using device: Device<CameraType, Packet> = await open({ libusb: "virtual", reuseBuffers });
    const worker = new Worker(new URL("./moving_worker.ts", import.meta.url));
    let moved = 0;
    for await (const { packet } of device) {
      if (
        packet.polarityEvents === undefined || (packet.buffer.byteLength > largestReusedCopy) !== (size === "large")
      ) {
        continue;
      }
      const { t, x, y, on } = packet.polarityEvents;
      const expected = [t, x, y, on].map((column) => ({ length: column.length, last: column.at(-1) }));
      assert.deepEqual(await move(worker, packet.polarityEvents, packet.buffer), expected);
      moved += 1;
      if (moved === 3) break;
    }
    await worker.terminate();
    device.close();
    await configureVirtualBus();
    await assertNothingLeft();
  });

  test(`${name} of bytes, moved to a Worker, arrive whole`, slow, async () => {
    await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond }]);
    await using device = await open({ libusb: "virtual", raw: true, reuseBuffers });
    const worker = new Worker(new URL("./moving_worker.ts", import.meta.url));
    let moved = 0;
    for await (const { packet } of device) {
      if ((packet.length > largestReusedCopy) !== (size === "large")) continue;
      const expected = [{ length: packet.length, last: packet.at(-1) }];
      assert.deepEqual(await move(worker, packet, packet.buffer), expected);
      moved += 1;
      if (moved === 3) break;
    }
    await worker.terminate();
    device.close();
    await configureVirtualBus();
    await assertNothingLeft();
  });
}
