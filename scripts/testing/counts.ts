/** Counts tests from what each runner leaves behind. */

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

/**
 * A runner that fails must count a failure: a module that does not load, a crash or an error between tests ends the
 * run without a failed test in its report. A runner that ran nothing has not passed either.
 */
export function countsOfRun(exitStatus: number, counts: Counts | undefined): Counts {
  const known = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const ranNothing = known.passed + known.failed + known.skipped === 0;
  return (exitStatus !== 0 || ranNothing) && known.failed === 0 ? { ...known, failed: 1 } : known;
}

/** Counts the test cases of a JUnit report, which Deno, Bun and Node all write. */
export function countJUnit(xml: string): Counts {
  // Messages may quote anything: the output of a test that prints XML must not be counted.
  const elements = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "").replace(/<!--[\s\S]*?-->/g, "");
  const cases = [...elements.matchAll(/<testcase\b(?:"[^"]*"|[^>"])*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)];
  const failed = cases.filter(([, content]) => /<(failure|error)\b/.test(content ?? "")).length;
  const skipped = cases.filter(([, content]) => /<skipped\b/.test(content ?? "")).length;
  return { passed: cases.length - failed - skipped, failed, skipped };
}

/** Counts the tests of `zig build test --summary all`; undefined where it says nothing of tests. */
export function countZig(output: string): Counts | undefined {
  const [, passed, total, rest] = /^Build Summary: .*?; (\d+)\/(\d+) tests passed(?: \(([^)]*)\))?/m.exec(output) ?? [];
  if (passed === undefined || total === undefined) return undefined;
  const skipped = Number(/(\d+) skipped/.exec(rest ?? "")?.[1] ?? 0);
  return { passed: Number(passed), failed: Number(total) - Number(passed) - skipped, skipped };
}
