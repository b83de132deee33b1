import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { childLimits } from "../../scripts/watchdog.ts";

/** Runs the demo as `deno task demo` does. */
function runDemo(...parameters: string[]): Promise<{ exitStatus: number; output: string }> {
  return runCommand(Deno.execPath(), ["run", "--allow-all", "scripts/demo.ts", ...parameters], {
    directory: projectDirectory,
    environment: { NO_COLOR: "1" },
    limits: () => childLimits,
  });
}

test("the demo's process ends with status 0 after events, also behind npm's --", async () => {
  const { exitStatus, output } = await runDemo("--", "--virtual", "--seconds", "0.5");
  assert.equal(exitStatus, 0, output);
  assert.match(output, /[\d,]+ events \(ON .* nothing dropped\n$/);
});

test("unknown options end with status 2 and point to the help", async () => {
  const { exitStatus, output } = await runDemo("--secnds", "5");
  assert.equal(exitStatus, 2);
  assert.match(output, /^demo: .*--secnds.*--help/);
  assert.equal(output.trim().split("\n").length, 1);
});

test("a failure is one message and no stack", async () => {
  const { exitStatus, output } = await runDemo("--recording", "no_such_recording.raw");
  assert.equal(exitStatus, 1);
  assert.match(output, /^demo: .*no_such_recording\.raw/m);
  assert.doesNotMatch(output, /^ +at /m);
});

test("the help needs no camera", async () => {
  const { exitStatus, output } = await runDemo("--help");
  assert.equal(exitStatus, 0);
  assert.match(output, /--seconds N/);
});
