/**
 * `deno task ok`: the one gate. The cheap checks all run, so that one round shows all that they find; if any fails,
 * the tests, which take minutes, are left out.
 */

import { join } from "node:path";
import process from "node:process";
import { runCommand } from "./commands.ts";
import { say } from "./progress.ts";
import { projectDirectory } from "./project.ts";
import { runTests } from "./run_tests.ts";
import { setUpForTests } from "./setup.ts";
import { lastLines } from "./testing/result.ts";
import { suites } from "./testing/suites.ts";
import { formatCounts, formatFailures, type NamedFailure } from "./testing/summary.ts";

try {
  const { zig } = await setUpForTests();
  const deno = Deno.execPath();
  const checks: readonly (readonly [name: string, command: string, parameters: readonly string[]])[] = [
    ["format", deno, ["fmt", "--check"]],
    ["lint", deno, ["lint"]],
    ["types", deno, ["check", "."]],
    ["docs", deno, ["doc", "--lint", "mod.ts", join("src", "cli", "main.ts"), join("src", "web", "mod.ts")]],
    ["layers", deno, ["run", "--allow-read", join("scripts", "check_layers.ts")]],
    ["zig format", zig, ["fmt", "--check", join("zig", "build.zig"), join("zig", "src")]],
  ];
  const failed: NamedFailure[] = [];
  for (const [name, command, parameters] of checks) {
    say(`\n== ${name}`);
    const { exitStatus, output } = await runCommand(command, parameters, { directory: projectDirectory, show: true });
    if (exitStatus !== 0) failed.push({ suite: "check", file: "", name, message: lastLines(output, 14) });
  }
  if (failed.length === 0) {
    const counts = await runTests(suites);
    console.log(formatCounts(counts));
    if (counts.failed > 0) process.exitCode = 1;
  } else {
    say(`\n${formatFailures(failed)}`);
    say(`\nfailed: ${failed.map(({ name }) => name).join(", ")}; the tests were left out`);
    console.log(formatCounts({ passed: 0, failed: failed.length, skipped: 0 }));
    process.exitCode = 1;
  }
} catch (error) {
  say(`ok: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
