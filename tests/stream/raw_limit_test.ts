/** How many raw packets come together where the program is slow. */

import assert from "node:assert/strict";
import { configureVirtualBus, open } from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { test } from "../support/test_on_bus.ts";

/** Raw packets in the first packet of a camera that was left alone until many waited. */
async function rawPackets(iteratorMaximumRawPackets: number): Promise<number> {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 4e6 }]);
  const usbConfiguration = { bufferBytes: 1024 };
  await using device = await open({ libusb: "virtual", raw: true, iteratorMaximumRawPackets, usbConfiguration });
  await eventually("a backlog", () => device.statistics.backlog > 200 || undefined);
  for await (const { status, packet } of device) {
    assert.equal(packet.length, status.bytes);
    return status.rawPackets;
  }
  return 0;
}

test("in raw mode a packet is made of as many raw packets as are allowed, and of all without a limit", async () => {
  assert.equal(await rawPackets(1), 1);
  assert.equal(await rawPackets(100), 100);
  assert.ok(await rawPackets(0) > 200);
});
