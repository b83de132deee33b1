/** The end of a run's log: a line for each suite, and each failure once more. */

import { stripVTControlCharacters } from "node:util";
import { projectDirectory } from "../project.ts";
import type { Counts, Failure, SuiteResult } from "./result.ts";

/** The last line of a test run, for people and for programs. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** A suite's line in the summary. */
export function formatResult(name: string, { counts, skipReason }: SuiteResult, seconds: number): string {
  const line = `${name.padEnd(10)}${formatCounts(counts)} (${seconds.toFixed(1)} s)`;
  return skipReason === undefined ? line : `${line}: ${skipReason}`;
}

/** A failure with the name of its suite. */
export type NamedFailure = Failure & { readonly suite: string };

/** How many lines of each message are shown: fewer where many tests failed. */
const messageLines = [14, 4, 0];

/**
 * All failures, at a length that the end of a log has room for: CI keeps the last 12 KB or so. The names come before
 * the messages: where there are too many even of them, the rest is a number.
 */
export function formatFailures(failures: readonly NamedFailure[], maximumCharacters = 8000): string {
  const format = (lines: number) => failures.map((failure) => formatFailure(failure, lines));
  const fitting = messageLines.map(format).find((texts) => texts.join("\n").length <= maximumCharacters);
  if (fitting !== undefined) return fitting.join("\n");
  const shown = format(0);
  while (shown.join("\n").length > maximumCharacters) shown.pop();
  return [...shown, `FAILED and ${failures.length - shown.length} more`].join("\n");
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
