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
import { setUpForTests, type TestTools } from "./setup.ts";
import { buildPackagedLibraries } from "./testing/packaged_libraries.ts";
import { type Counts, type SuiteResult, sumCounts } from "./testing/result.ts";
import { chooseSuites, type Suite } from "./testing/suites.ts";
import { formatCounts, formatFailures, formatResult } from "./testing/summary.ts";

/**
 * Runs suites one after the other, and returns the sum. What failed is told again at the end: of a long log often only
 * the end is kept.
 */
export async function runTests(chosen: readonly Suite[]): Promise<Counts> {
  const tools = await setUpForTests();
  const packaged = chosen.some((suite) => suite.needsPackagedLibraries) ? buildPackagedLibraries() : undefined;
  const reportDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  const begun = chosen.length === 1 ? new Map() : beginBesideOthers(chosen, tools, reportDirectory, packaged);
  const results: { name: string; result: SuiteResult; seconds: number }[] = [];
  try {
    for (const suite of chosen) {
      const { name, needsPackagedLibraries } = suite;
      if (needsPackagedLibraries) await packaged;
      say(`\n== ${name} tests`);
      const started = performance.now();
      const result = await (begun.get(suite) ?? suite.run(tools, reportDirectory, "alone"));
      results.push({ name, result, seconds: (performance.now() - started) / 1000 });
    }
  } finally {
    rmSync(reportDirectory, { recursive: true, force: true });
  }
  say("\n== summary");
  for (const { name, result, seconds } of results) say(formatResult(name, result, seconds));
  const failures = results.flatMap(({ name, result }) =>
    result.failures.map((failure) => ({ suite: name, ...failure }))
  );
  if (failures.length > 0) say(`\n${formatFailures(failures)}`);
  return sumCounts(results.map(({ result }) => result.counts));
}

/** Begins the suites that need no processor of their own, one after the other, after what is built in the background. */
function beginBesideOthers(
  chosen: readonly Suite[],
  tools: TestTools,
  reportDirectory: string,
  packaged: Promise<void> | undefined,
): ReadonlyMap<Suite, Promise<SuiteResult>> {
  const begun = new Map<Suite, Promise<SuiteResult>>();
  let before: Promise<unknown> = Promise.resolve(packaged);
  for (const suite of chosen.filter(({ runsBesideOthers }) => runsBesideOthers)) {
    const result = before.then(() => suite.run(tools, reportDirectory, "others"));
    before = result.catch(() => {}); // thrown again where it is awaited, at the suite's turn
    begun.set(suite, result);
  }
  return begun;
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
