/**
 * `deno task test:kernel`: the library on a real kernel, under Deno, Bun and Node: Debian's kernel in QEMU with this
 * machine's files, the virtual camera on the kernel's virtual USB host controller, the system's libusb and usbfs.
 *
 * The last line is the count over all suites. Where the guest cannot run, it says why and skips the suites.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { getKernel } from "./kernel_guest/kernel.ts";
import { ensurePackages } from "./kernel_guest/packages.ts";
import { runInGuest } from "./kernel_guest/run.ts";
import { guestCommand, guestRuntimes, readCounts } from "./kernel_guest/suites.ts";
import { say } from "./progress.ts";
import { toolsDirectory } from "./project.ts";
import { setUpForTests, type TestTools } from "./setup.ts";
import { withLock } from "./setup/lock.ts";
import { type Counts, formatCounts, sumCounts } from "./testing/counts.ts";

/** The guest needs about a minute and a half on two processors; one that takes this long hangs. */
const timeoutMs = 10 * 60_000;

/** Runs the suites in the guest and returns their sum. */
export async function testKernel(): Promise<Counts> {
  const obstacle = await ensurePackages();
  if (obstacle !== undefined) {
    say(`kernel tests skipped: ${obstacle}`);
    return { passed: 0, failed: 0, skipped: guestRuntimes.length };
  }
  return await runSuites(await setUpForTests());
}

async function runSuites(tools: TestTools): Promise<Counts> {
  const kernel = await withLock(toolsDirectory, getKernel);
  const sharedDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_shared_"));
  try {
    say("\n== kernel tests: Linux in QEMU");
    const started = performance.now();
    try {
      await runInGuest(kernel, guestCommand(tools), { sharedDirectory, timeoutMs });
    } catch (error) {
      say(String(error)); // The reports tell how far it came.
    }
    say(`\nthe guest ran for ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const results = guestRuntimes.map((runtime) => ({ runtime, counts: readCounts(runtime, sharedDirectory) }));
    for (const { runtime, counts } of results) say(`${runtime.padEnd(6)}${formatCounts(counts)}`);
    return sumCounts(results.map(({ counts }) => counts));
  } finally {
    rmSync(sharedDirectory, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    const counts = await testKernel();
    console.log(formatCounts(counts));
    if (counts.failed > 0) process.exitCode = 1;
  } catch (error) {
    say(`test:kernel: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
