/**
 * `deno task test`: sets up what the tests need and runs the suites that a contributor needs; with names (`deno task
 * test bun emulated`), those. The last line is the count over all suites. (Named so, because Deno takes a file `test.ts` for a test.)
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { withoutSeparator } from "./arguments.ts";
import { say } from "./progress.ts";
import { setUpForTests } from "./setup.ts";
import { buildPackagedLibraries } from "./testing/packaged_libraries.ts";
import { runInLanes } from "./testing/placement.ts";
import { type Counts, type SuiteResult, sumCounts } from "./testing/result.ts";
import { chooseSuites, type Suite } from "./testing/suites.ts";
import { formatCounts, formatFailures, formatResult } from "./testing/summary.ts";

/** What a suite came to, and how long it took. */
interface Ended {
  readonly name: string;
  readonly result: SuiteResult;
  readonly seconds: number;
}

/**
 * Runs suites, some of them at once, and returns the sum. What failed is told again at the end: of a long log often only
 * the end is kept.
 */
export async function runTests(chosen: readonly Suite[]): Promise<Counts> {
  const tools = await setUpForTests();
  const packaged = chosen.some((suite) => suite.needsPackagedLibraries) ? buildPackagedLibraries() : undefined;
  const reportDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  let ended: readonly Ended[];
  try {
    ended = await runInLanes(chosen, async (suite, placement): Promise<Ended> => {
      const { name, needsPackagedLibraries } = suite;
      if (needsPackagedLibraries) await packaged;
      say(`\n== ${name} tests${placement.show ? "" : ": told when they have ended"}`);
      const started = performance.now();
      const result = await suite.run(tools, reportDirectory, placement);
      const seconds = (performance.now() - started) / 1000;
      if (!placement.show) say(`\n${formatResult(name, result, seconds)}`);
      return { name, result, seconds };
    });
  } finally {
    rmSync(reportDirectory, { recursive: true, force: true });
  }
  say("\n== summary");
  for (const { name, result, seconds } of ended) say(formatResult(name, result, seconds));
  const failures = ended.flatMap(({ name, result }) => result.failures.map((failure) => ({ suite: name, ...failure })));
  if (failures.length > 0) say(`\n${formatFailures(failures)}`);
  return sumCounts(ended.map(({ result }) => result.counts));
}

if (import.meta.main) {
  try {
    const counts = await runTests(chooseSuites(withoutSeparator(process.argv.slice(2))));
    console.log(formatCounts(counts));
    if (counts.failed > 0) process.exitCode = 1;
  } catch (error) {
    say(`test: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
