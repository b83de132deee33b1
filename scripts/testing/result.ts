/** What a suite came to, and how its failures are told. */

import { stripVTControlCharacters } from "node:util";
import type { CommandResult } from "../commands.ts";
import { projectDirectory } from "../project.ts";
import { type Counts, countTests, countZig, formatCounts } from "./counts.ts";
import { readJUnit } from "./junit.ts";

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

/** The result of a runner that leaves a JUnit report; undefined where it left none. */
export function resultOfJUnit(run: CommandResult, xml: string | undefined): SuiteResult {
  const tests = xml === undefined ? [] : readJUnit(xml);
  const output = stripVTControlCharacters(run.output);
  const failures = tests.filter(({ result }) => result === "failed").map((failure) =>
    withLastWords(inTestFile(failure), output)
  );
  return completed(run, countTests(tests), [...failures, ...errorsBetweenTests(output)]);
}

/** Deno names the file that called `test`, be it a helper; the stack has the test's own. */
function inTestFile({ file, name, message }: Failure): Failure {
  const place = /_test\.ts(:\d+)?$/.test(file) ? undefined : /\btests\/[\w/]+_test\.ts:\d+/.exec(message)?.[0];
  return { file: place ?? file, name, message };
}

/** Node runs each file in a process; where that breaks, the file is the failed test, and the reason stands above it. */
function withLastWords({ file, name, message }: Failure, output: string): Failure {
  const end = /\bexitCode: /.test(message) ? output.indexOf(`\u2716 ${name} (`) : -1;
  return { file, name, message: end < 0 ? message : `${message}\n${lastLines(output.slice(0, end), 12)}` };
}

/** The result of `zig build test --summary all`. */
export function resultOfZig(run: CommandResult): SuiteResult {
  const output = stripVTControlCharacters(run.output);
  const counts = countZig(output) ?? { passed: 0, failed: 0, skipped: 0 };
  return completed(run, counts, failuresOfZig(output));
}

/**
 * A runner that fails must count a failure: a module that does not load, a crash or an error between tests ends the
 * run without a failed test in its report. A runner that ran nothing has not passed either. What such a run said last
 * stands for the failure that nobody named.
 */
function completed({ exitStatus, output }: CommandResult, known: Counts, failures: readonly Failure[]): SuiteResult {
  const ranNothing = known.passed + known.failed + known.skipped === 0;
  const counts = (exitStatus !== 0 || ranNothing) && known.failed === 0 ? { ...known, failed: 1 } : known;
  if (counts.failed === 0 || failures.length > 0) return { counts, failures };
  const name = exitStatus === 0 ? "no test was run" : `the runner ended with status ${exitStatus}; its last words`;
  return { counts, failures: [{ file: "", name, message: lastLines(output) }] };
}

/** Bun tells of errors outside of tests in its output only. */
function errorsBetweenTests(output: string): Failure[] {
  const blocks = output.matchAll(/^# Unhandled error between tests\n-+\n([\s\S]*?)\n-{20,}$/gm);
  return [...blocks].map(([, message = ""]) => ({ file: "", name: "an error between tests", message }));
}

/** Zig's messages: a first line with the test's or the source's name, and what belongs to it, indented. */
function failuresOfZig(output: string): Failure[] {
  const tests = output.matchAll(/^error: '(.+?)' ([^\n]+)\n((?: +[^\n]*\n)*)/gm);
  const mistakes = output.matchAll(/^(\S+\.zig(?::\d+)*): error: ([^\n]+)$/gm);
  return [
    ...[...tests].map(([, name = "", how = "", details = ""]) => ({ file: "", name, message: `${how}\n${details}` })),
    ...[...mistakes].map(([, file = "", name = ""]) => ({ file, name, message: "" })),
  ];
}

/** The last lines of an output. */
export function lastLines(output: string, count = 20): string {
  return stripVTControlCharacters(output).trimEnd().split("\n").slice(-count).join("\n");
}

/** A suite's line in the summary. */
export function formatResult(name: string, { counts, skipReason }: SuiteResult, seconds: number): string {
  const line = `${name.padEnd(9)}${formatCounts(counts)} (${seconds.toFixed(1)} s)`;
  return skipReason === undefined ? line : `${line}: ${skipReason}`;
}

/** A failure with the name of its suite. */
export type NamedFailure = Failure & { readonly suite: string };

/** How many lines of each message are shown: fewer where many tests failed. */
const messageLines = [14, 6, 2, 0];

/**
 * All failures, at a length that the end of a log has room for: CI keeps the last 12 KB or so. The names come before
 * the messages: where there are too many even of them, the rest is a number.
 */
export function formatFailures(failures: readonly NamedFailure[], maximumCharacters = 8000): string {
  const fitting = messageLines.map((lines) => failures.map((failure) => formatFailure(failure, lines)))
    .find((texts) => texts.join("\n").length <= maximumCharacters);
  if (fitting !== undefined) return fitting.join("\n");
  const names = failures.map((failure) => formatFailure(failure, 0));
  const shown = names.filter((_, index) => names.slice(0, index + 1).join("\n").length <= maximumCharacters);
  return [...shown, `FAILED and ${names.length - shown.length} more`].join("\n");
}

/** Of the stack, the lines inside the runtime tell nothing. */
function formatFailure({ suite, file, name, message }: NamedFailure, lines: number): string {
  const place = file.replace(projectDirectory, "").replace(/^\.\//, "");
  const title = [suite, place, name].filter((part) => part !== "").join(": ");
  const telling = stripVTControlCharacters(message).split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at .*\b(node|ext|bun):\w/.test(line))
    .slice(0, lines);
  return [`FAILED ${title}`, ...telling.map((line) => `    ${line.trimEnd()}`)]
    .map((line) => line.slice(0, 240)).join("\n");
}
