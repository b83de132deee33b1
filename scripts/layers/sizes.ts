/** How long files and functions may be. */

import type { Sources } from "./check.ts";
import { functionsOf } from "./functions.ts";
import { isTestFile } from "./zig_check.ts";

/** Files have one subject, which some 300 lines hold. */
const maximumLines = 350;

/** Files that may be longer, up to which number of lines, and why. */
const exceptions: readonly { readonly path: string; readonly lines: number; readonly reason: string }[] = [
  { path: "ffi/symbols.ts", lines: 500, reason: "a table of functions" },
  { path: "zig/src/ring/stream_test.zig", lines: 400, reason: "each way in which transfers end" },
  { path: "tests/checks_test.ts", lines: 450, reason: "a table of mistakes and their messages" },
  { path: "tests/stream/faults_test.ts", lines: 500, reason: "each fault of the virtual camera" },
];

/** Functions do one thing. Tests may be longer: what they do, they do in order. */
const maximumLinesOfFunction = 70;

/** Functions that may be longer, up to which number of lines, and why. */
const longFunctions: readonly LongFunction[] = [
  {
    path: "zig/src/decoder/evt3/decode.zig",
    name: "run",
    lines: 100,
    reason: "a hot loop, with a switch over all kinds of words, whose variables stay in registers",
  },
];

interface LongFunction {
  readonly path: string;
  readonly name: string;
  readonly lines: number;
  readonly reason: string;
}

/** Returns one line for each function that is too long, and for each exception that is none any more. */
export function checkFunctions(sources: Sources, allowed = longFunctions): string[] {
  const needed = new Set<LongFunction>();
  const tooLong = [...sources].flatMap(([path, source]) => {
    if (path.startsWith("tests/") || isTestFile(path)) return [];
    return functionsOf(path, source).flatMap(({ name, line, lines }) => {
      if (lines <= maximumLinesOfFunction) return [];
      const exception = allowed.find((candidate) => candidate.path === path && candidate.name === name);
      if (exception !== undefined) needed.add(exception);
      const limit = exception?.lines ?? maximumLinesOfFunction;
      if (lines <= limit) return [];
      return [`${path}:${line}: ${name} has ${lines} lines; split it by what it does (${limit} are allowed)`];
    });
  });
  const needless = allowed.filter((exception) => !needed.has(exception))
    .map(({ path, name }) => `${path}:1: ${name} is short enough; take it out of scripts/layers/sizes.ts`);
  return [...tooLong, ...needless];
}

/** Returns one line for each file that is too long, and for each exception that is none any more. */
export function checkSizes(sources: Sources, allowed = exceptions): string[] {
  const linesOf = (path: string) => (sources.get(path) ?? "").split("\n").length - 1;
  const tooLong = [...sources.keys()].flatMap((path) => {
    const limit = allowed.find((exception) => exception.path === path)?.lines ?? maximumLines;
    const lines = linesOf(path);
    return lines > limit
      ? [`${path}:${limit + 1}: has ${lines} lines; split it by subject (${limit} are allowed)`]
      : [];
  });
  const needless = allowed.filter(({ path }) => linesOf(path) <= maximumLines)
    .map(({ path }) => `${path}:1: is short enough; take it out of scripts/layers/sizes.ts`);
  return [...tooLong, ...needless];
}
