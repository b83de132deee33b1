/** A camera that answers each command late, but within the command's timeout. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, open, type VirtualFault } from "../../mod.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { test } from "../support/test_on_bus.ts";

const shutdownCommands = 42;

/** From a reply on, all of them come late; a shutdown would take twenty seconds. */
function slowAfter(after: number): VirtualFault {
  return { kind: "delay", endpoint: 0x82, after, times: 0, delayMs: 700 };
}

async function commands(): Promise<number> {
  return (await describeVirtualBus()).cameras[0]!.commands;
}

test("closing it stops the sensor all the same, and takes two seconds", { timeout: 60_000 }, async () => {
  await configureVirtualBus([{}]);
  (await open({ libusb: "virtual" })).close();
  const opening = await commands() - shutdownCommands;
  await configureVirtualBus([{ faults: [slowAfter(opening)] }]);
  const device = await open({ libusb: "virtual" });
  assert.equal(await commands(), opening);
  const startedMs = performance.now();
  device.close();
  const closedMs = performance.now() - startedMs;
  assert.ok(await commands() - opening <= 4, "the second command stops the sensor, the others have no time");
  assert.ok(closedMs < 10_000, `${closedMs} ms`);
  await assertNothingLeft();
});

test("an abort while cameras are asked for their serials: the last one is not asked", { timeout: 60_000 }, async () => {
  const slow = { faults: [slowAfter(0)] };
  await configureVirtualBus([slow, slow, { serial: "00000003" }]);
  const signal = AbortSignal.timeout(100);
  await assert.rejects(open({ libusb: "virtual", serial: "00000003", signal }), { name: "TimeoutError" });
  assert.equal((await describeVirtualBus()).cameras[2]!.commands, 0);
  await assertNothingLeft();
});

test("an aborted opening is undone in the same time", { timeout: 60_000 }, async () => {
  await configureVirtualBus([{ faults: [slowAfter(100)] }]);
  const startedMs = performance.now();
  await assert.rejects(open({ libusb: "virtual", signal: AbortSignal.timeout(1_500) }), { name: "TimeoutError" });
  // Without a limit the shutdown alone takes 20 s.
  assert.ok(performance.now() - startedMs < 15_000);
  await assertNothingLeft();
});
