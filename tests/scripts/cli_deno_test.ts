import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { childLimits } from "../../scripts/watchdog.ts";

/** Runs the command line as `deno task cli` does. */
function runCli(parameters: string[], environment: Record<string, string> = {}) {
  return runCommand(Deno.execPath(), ["run", "--allow-all", "scripts/cli.ts", ...parameters], {
    directory: projectDirectory,
    environment: { NO_COLOR: "1", ...environment },
    limits: () => childLimits,
  });
}

test("the demo's process ends with status 0 after events, also behind npm's --", async () => {
  for (const parameters of [["--", "--virtual"], ["demo", "--", "--virtual"], ["demo", "--virtual"]]) {
    const { exitStatus, output } = await runCli([...parameters, "--seconds", "0.2"]);
    assert.equal(exitStatus, 0, output);
    assert.match(output, /[\d,]+ events \(ON .* nothing dropped\n$/);
  }
});

test("unknown options end with status 2 and point to the help", async () => {
  const { exitStatus, output } = await runCli(["--secnds", "5"]);
  assert.equal(exitStatus, 2);
  assert.match(output, /^demo: .*--secnds.*--help/);
  assert.equal(output.trim().split("\n").length, 1);
});

test("a failure is one message and no stack", async () => {
  const { exitStatus, output } = await runCli(["--recording", "no_such_recording.raw"]);
  assert.equal(exitStatus, 1);
  assert.match(output, /^demo: .*no_such_recording\.raw/m);
  assert.doesNotMatch(output, /^ +at /m);
});

test("relative paths are meant from the folder that the task was started in", async () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_task_"));
  try {
    // TIME_HIGH only: the recording is found, and shows nothing.
    const words = new Uint8Array(Uint16Array.from({ length: 1000 }, (_, index) => 0x8000 | index).buffer);
    const header = new TextEncoder().encode("% format EVT3;height=720;width=1280\n% end\n");
    writeFileSync(join(folder, "dark.raw"), new Uint8Array([...header, ...words]));
    const { exitStatus, output } = await runCli(["--recording", "dark.raw", "--seconds", "0.1"], { INIT_CWD: folder });
    assert.equal(exitStatus, 1);
    assert.match(output, /no events came/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
