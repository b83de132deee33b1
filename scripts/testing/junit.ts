/** Reads the JUnit reports that Deno, Bun and Node write, each in its own dialect. */

import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import type { CommandResult } from "../commands.ts";
import { type Failure, lastLines, resultOfRun, type SuiteResult } from "./result.ts";

/** A test as a report has it. The message is empty where nothing went wrong. */
export interface TestCase extends Failure {
  readonly result: "passed" | "failed" | "skipped";
}

/** The result of a runner that leaves a report; without a report where it crashed before it wrote one. */
export function resultOfJUnit(run: CommandResult, xml: string | undefined): SuiteResult {
  const tests = xml === undefined ? [] : readJUnit(xml);
  const output = stripVTControlCharacters(run.output);
  const count = (wanted: TestCase["result"]) => tests.filter(({ result }) => result === wanted).length;
  const failures = tests.filter(({ result }) => result === "failed").map((test) => withLastWords(test, output));
  return resultOfRun(
    run,
    { passed: count("passed"), failed: count("failed"), skipped: count("skipped") },
    [...failures, ...errorsBetweenTests(output)],
  );
}

/** Node runs each file in a process; where that breaks, the file is the failed test, and the reason stands above it. */
function withLastWords({ file, name, message }: Failure, output: string): Failure {
  const end = /\bexitCode: /.test(message) ? output.indexOf(`\u2716 ${name} (`) : -1;
  return { file, name, message: end < 0 ? message : `${message}\n${lastLines(output.slice(0, end), 12)}` };
}

/** Bun tells of errors outside of tests in its output only. */
function errorsBetweenTests(output: string): Failure[] {
  const blocks = output.matchAll(/^# Unhandled error between tests\n-+\n([\s\S]*?)\n-{20,}$/gm);
  return [...blocks].map(([, message = ""]) => ({ file: "", name: "an error between tests", message }));
}

/** The tests of a report. */
export function readJUnit(xml: string): TestCase[] {
  // Messages may quote anything: the output of a test that prints XML is no test.
  const elements = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "").replace(/<!--[\s\S]*?-->/g, "");
  return [...elements.matchAll(testCase)].map(([, attributes = "", content = ""]) => {
    const [, type, failureAttributes = "", body = ""] = failure.exec(content) ?? [];
    const place = attribute(attributes, "file") || attribute(attributes, "classname");
    const line = attribute(attributes, "line");
    return {
      file: line === "" ? place : `${place}:${line}`,
      // Node escapes quotation marks twice.
      name: unescaped(attribute(attributes, "name")),
      result: type !== undefined ? "failed" : /<skipped\b/.test(content) ? "skipped" : "passed",
      message: unescaped(body).trim() || attribute(failureAttributes, "message"),
    };
  });
}

/** Attributes may contain `>` as it is. */
const attributesPattern = String.raw`((?:"[^"]*"|[^>"])*?)`;
const testCase = new RegExp(`<testcase\\b${attributesPattern}(?:/>|>([\\s\\S]*?)</testcase>)`, "g");
const failure = new RegExp(`<(failure|error)\\b${attributesPattern}(?:/>|>([\\s\\S]*?)</\\1>)`);

function attribute(attributes: string, name: string): string {
  return unescaped(new RegExp(`(?<![\\w-])${name}="([^"]*)"`).exec(attributes)?.[1] ?? "");
}

const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(lt|gt|amp|quot|apos));/gi, (_, decimal, hexadecimal, name) => {
    if (name !== undefined) return characters[name]!;
    return String.fromCodePoint(decimal === undefined ? parseInt(hexadecimal, 16) : Number(decimal));
  });
}

/** A JUnit report; undefined where the runner crashed before it wrote one. */
export function readReport(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
