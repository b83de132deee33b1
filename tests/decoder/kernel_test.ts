/** Which kernel decodes, and forcing one by the environment: each case in a process of its own. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decoderInfo } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import type { KernelReport } from "./kernel_child.ts";

const { kernel, possibleKernels, knownKernels } = await decoderInfo();

async function reportWith(forced: string): Promise<KernelReport> {
  const { status, output } = await runChild(new URL("kernel_child.ts", import.meta.url), {
    environment: { NEUROMORPHIC_DRIVERS_KERNEL: forced },
  });
  assert.equal(status, 0, output);
  return JSON.parse(output);
}

test("the kernels: known ones, possible ones and the one that runs", () => {
  assert.equal(possibleKernels.at(-1), "scalar");
  assert.ok(possibleKernels.includes(kernel));
  assert.deepEqual(knownKernels, ["avx512", "avx2", "x86-64-v2", "neon", "simd128", "scalar"]);
  // Both lists are best first, so one keeps the other's order.
  assert.deepEqual(knownKernels.filter((name) => possibleKernels.includes(name)), possibleKernels);
});

test("nothing forced: the best possible kernel", async () => {
  const { info } = await reportWith("");
  assert.deepEqual(info, { kernel: possibleKernels[0], possibleKernels, knownKernels });
});

test("every possible kernel can be forced and decodes the same", async () => {
  const reports = await Promise.all(possibleKernels.map(reportWith));
  reports.forEach(({ info, events, device }, index) => {
    assert.deepEqual(info, { kernel: possibleKernels[index], possibleKernels, knownKernels });
    assert.equal((events as unknown[]).length, 400);
    assert.deepEqual(events, reports[0]!.events);
    assert.equal(device, "opened");
  });
});

test("a kernel that cannot run here is an error that lists those that can", async () => {
  const impossible = knownKernels.find((name) => !possibleKernels.includes(name))!;
  for (const name of [impossible, "no-such-kernel", "SCALAR"]) {
    const { info, events, device } = await reportWith(name);
    const message = `unsupported: NEUROMORPHIC_DRIVERS_KERNEL must name a kernel that this CPU can run (${
      possibleKernels.join(", ")
    }) or be unset`;
    assert.deepEqual({ info, events, device }, { info: message, events: message, device: message }, name);
  }
});
