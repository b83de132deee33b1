/** Runs `zig build` for its tests, and reads what it says of them. */

import { stripVTControlCharacters } from "node:util";
import { zigDirectory, zigEnvironment } from "../build_native.ts";
import type { CommandResult } from "../commands.ts";
import { alone, type Placement, runPlaced } from "./placement.ts";
import { type Counts, type Failure, resultOfRun, type SuiteResult } from "./result.ts";

/** Runs a step of `zig/build.zig` to its end. */
export function runZigBuild(
  zig: string,
  parameters: readonly string[],
  placement: Placement = alone,
): Promise<CommandResult> {
  const options = { directory: zigDirectory, environment: zigEnvironment };
  return runPlaced([zig, "build", ...parameters, "--color", "off"], placement, options);
}

/** Runs a step that consists of tests, with options of the build. */
export async function runZigTests(
  zig: string,
  step: readonly [string, ...string[]],
  placement: Placement,
): Promise<SuiteResult> {
  return resultOfZig(await runZigBuild(zig, [...step, "--summary", "all"], placement));
}

/** The result of `zig build test --summary all`. */
export function resultOfZig(run: CommandResult): SuiteResult {
  const output = stripVTControlCharacters(run.output);
  return resultOfRun(run, countsOf(output), failuresOf(output));
}

function countsOf(output: string): Counts {
  const [, passed, total, rest] = /^Build Summary: .*?; (\d+)\/(\d+) tests passed(?: \(([^)]*)\))?/m.exec(output) ?? [];
  const skipped = Number(/(\d+) skipped/.exec(rest ?? "")?.[1] ?? 0);
  return { passed: Number(passed ?? 0), failed: Number(total ?? 0) - Number(passed ?? 0) - skipped, skipped };
}

/** Zig's messages: a first line with the test's or the source's name, and what belongs to it, indented. */
function failuresOf(output: string): Failure[] {
  const tests = output.matchAll(/^error: '(.+?)' ([^\n]+)\n((?: +[^\n]*\n)*)/gm);
  const mistakes = output.matchAll(/^(\S+\.zig(?::\d+)*): error: ([^\n]+)$/gm);
  return [
    ...[...tests].map(([, name = "", how = "", details = ""]) => ({ file: "", name, message: `${how}\n${details}` })),
    ...[...mistakes].map(([, file = "", name = ""]) => ({ file, name, message: "" })),
  ];
}
