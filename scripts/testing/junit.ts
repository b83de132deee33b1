/** Reads the JUnit reports that Deno, Bun and Node write, each in its own dialect. */

import { readFileSync } from "node:fs";

/** A test as a report has it. */
export interface TestCase {
  /** As the runner names it; empty where it does not. */
  readonly file: string;
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
  /** What went wrong, with the stack where the runner tells it. Empty where nothing did. */
  readonly message: string;
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
      message: messageOf(unescaped(body)) || attribute(failureAttributes, "message"),
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

/** Node wraps what was thrown in an error of its own, which tells nothing more. */
function messageOf(body: string): string {
  const cause = /^ {2}cause: ([\s\S]*?)\n\}$/m.exec(body)?.[1]?.replace(/^ {2}/gm, "");
  return (cause ?? body).trim();
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
