/**
 * `deno task test:browser`: pages over real WebUSB, in Debian's Chromium on Debian's kernel in QEMU. It takes minutes:
 * the processor is emulated.
 */

import process from "node:process";
import { runBrowserSuiteInGuest } from "./kernel_guest/browser_suite.ts";
import { say } from "./progress.ts";
import { setUpForTests } from "./setup.ts";
import { formatCounts, formatFailures, formatResult } from "./testing/summary.ts";

const started = performance.now();
const result = await runBrowserSuiteInGuest(await setUpForTests());
say(`\n${formatResult("WebUSB", result, (performance.now() - started) / 1000)}`);
if (result.failures.length > 0) {
  say(formatFailures(result.failures.map((failure) => ({ suite: "WebUSB", ...failure }))));
}
console.log(formatCounts(result.counts));
if (result.counts.failed > 0) process.exitCode = 1;
