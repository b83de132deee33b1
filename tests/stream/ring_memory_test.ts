/** A ring is address space, which may be more than the memory of the system. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import process from "node:process";
import { test } from "node:test";
import { configureVirtualBus, open } from "../../mod.ts";
import { assertNothingLeft } from "../support/virtual.ts";

/** With the mode 2 Linux counts all address space that a program asks for as memory. */
function overcommits(): boolean {
  return process.platform === "linux" && readFileSync("/proc/sys/vm/overcommit_memory", "utf8").trim() !== "2";
}

const skip = !overcommits() && "the system grants no more address space than it has memory";

test("a ring of twice the system's memory opens and streams", { skip }, async () => {
  const ringLength = Math.min(1 << 20, Math.ceil(2 * totalmem() / 131_072));
  const bufferBytes = 131_072 * Math.ceil(2 * totalmem() / 131_072 / ringLength);
  await using device = await open({ libusb: "virtual", usbConfiguration: { ringLength, bufferBytes } });
  for await (const { status } of device) if (status.bytes > 0) break;
  const { slots, slotsCommitted } = device.statistics;
  assert.equal(slots, ringLength);
  assert.ok(slotsCommitted < 1_000, String(slotsCommitted));
});

test("a ring for which there is no address space: the error names the options and the size", {
  skip: skip || process.arch !== "x64" && "how much address space there is depends on the architecture",
}, async () => {
  // 64 TiB; a process has 128 TiB, of which some are in use.
  const usbConfiguration = { ringLength: 1 << 20, bufferBytes: 64 << 20, transferQueueLength: 1 };
  const memoryLimitBytes = 2 * usbConfiguration.bufferBytes;
  await configureVirtualBus([{ memoryLimitBytes }, { memoryLimitBytes }]);
  await assert.rejects(async () => {
    await using first = await open({ libusb: "virtual", serial: "00000001", raw: true, usbConfiguration });
    await using second = await open({ libusb: "virtual", serial: "00000002", raw: true, usbConfiguration });
    assert.fail(`${first.serial} and ${second.serial} have 64 TiB each`);
  }, {
    code: "io",
    message: /ring of 67108864 MiB \(usbConfiguration\.ringLength 1048576 \* bufferBytes 67108864\)/,
  });
  await assertNothingLeft();
  await configureVirtualBus();
});
