/** Counts tests from what each runner leaves behind. */

import type { TestCase } from "./junit.ts";

/** Results of a suite. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The sum of counts. */
export function sumCounts(all: readonly Counts[]): Counts {
  return all.reduce((sum, counts) => ({
    passed: sum.passed + counts.passed,
    failed: sum.failed + counts.failed,
    skipped: sum.skipped + counts.skipped,
  }), { passed: 0, failed: 0, skipped: 0 });
}

/** The last line of a test run, for people and for programs. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Counts the tests of a JUnit report. */
export function countTests(tests: readonly TestCase[]): Counts {
  const count = (wanted: TestCase["result"]) => tests.filter(({ result }) => result === wanted).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

/** Counts the tests of `zig build test --summary all`; undefined where it says nothing of tests. */
export function countZig(output: string): Counts | undefined {
  const [, passed, total, rest] = /^Build Summary: .*?; (\d+)\/(\d+) tests passed(?: \(([^)]*)\))?/m.exec(output) ?? [];
  if (passed === undefined || total === undefined) return undefined;
  const skipped = Number(/(\d+) skipped/.exec(rest ?? "")?.[1] ?? 0);
  return { passed: Number(passed), failed: Number(total) - Number(passed) - skipped, skipped };
}
