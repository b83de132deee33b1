/**
 * `deno task test`: sets up what the tests need and runs the suites; with names (`deno task test bun node`), those.
 * The last line is the count over all suites. (Named so, because Deno takes a file `test.ts` for a test.)
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { withoutSeparator } from "./arguments.ts";
import { say } from "./progress.ts";
import { setUpForTests } from "./setup.ts";
import { type Counts, formatCounts, sumCounts } from "./testing/counts.ts";
import { formatFailures, formatResult, type SuiteResult } from "./testing/result.ts";
import { type Suite, suites } from "./testing/suites.ts";

/**
 * Runs suites one after the other, and returns the sum. What failed is told again at the end: of a long log often only
 * the end is kept.
 */
export async function runTests(chosen: readonly Suite[] = suites): Promise<Counts> {
  const tools = await setUpForTests();
  const reportDirectory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  const results: { name: string; result: SuiteResult; seconds: number }[] = [];
  try {
    for (const { name, run } of chosen) {
      say(`\n== ${name} tests`);
      const started = performance.now();
      const result = await run(tools, reportDirectory);
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

/** Suites by their names in any case; where none is named, all but those that run on demand. */
export function chooseSuites(names: readonly string[]): readonly Suite[] {
  if (names.length === 0) return suites.filter(({ onDemand }) => onDemand !== true);
  return names.map((name) => {
    const suite = suites.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (suite !== undefined) return suite;
    throw new Error(`no suite is named ${name}; there are ${suites.map((known) => known.name).join(", ")}`);
  });
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
