/** What a suite of tests came to. */

import { stripVTControlCharacters } from "node:util";
import type { CommandResult } from "../commands.ts";

/** How many tests came to which end. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A test that failed, or what else broke a run. */
export interface Failure {
  /** Where it stands; empty where the runner does not tell. */
  readonly file: string;
  readonly name: string;
  readonly message: string;
}

/** What a suite came to. */
export interface SuiteResult {
  readonly counts: Counts;
  readonly failures: readonly Failure[];
  /** Why nothing was run. */
  readonly skipReason?: string;
}

/** The result of a suite that cannot run here. */
export function skippedSuite(skipReason: string): SuiteResult {
  return { counts: { passed: 0, failed: 0, skipped: 1 }, failures: [], skipReason };
}

/**
 * The result of a run by its exit status and what its report says. A runner that fails counts at least one failure: a
 * module that does not load, a crash or an error between tests ends the run without a failed test in its report. A
 * runner that ran nothing has not passed either. The last lines of such a run stand for the failure without a name.
 */
export function resultOfRun(run: CommandResult, counts: Counts, failures: readonly Failure[]): SuiteResult {
  const { exitStatus, output } = run;
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  const failed = exitStatus !== 0 || ranNothing ? Math.max(1, counts.failed) : counts.failed;
  if (failed === 0 || failures.length > 0) return { counts: { ...counts, failed }, failures };
  const name = exitStatus === 0 ? "no test was run" : `the runner ended with status ${exitStatus}; its last words`;
  return { counts: { ...counts, failed }, failures: [{ file: "", name, message: lastLines(output) }] };
}

/** The sum of counts. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sum = (kind: keyof Counts) => all.reduce((total, counts) => total + counts[kind], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** The last lines of an output. */
export function lastLines(output: string, count = 20): string {
  return stripVTControlCharacters(output).trimEnd().split("\n").slice(-count).join("\n");
}
