/** The scripts that have options say which, and refuse others. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";

const scripts: Readonly<Record<string, string>> = {
  "tests/bench/bench.ts": "--seconds",
  "tests/bench/decoder.ts": "--rounds",
  "tests/bench/latency.ts": "--runtime",
  "tests/fuzz/decoder.ts": "--words",
  "tests/soak/main.ts": "--minutes",
};

function run(script: string, ...parameters: string[]) {
  return runCommand(Deno.execPath(), ["run", "--allow-all", script, ...parameters], { directory: projectDirectory });
}

for (const [script, option] of Object.entries(scripts)) {
  test(`${script} --help is the comment at its top; another option is refused in one line`, async () => {
    const help = await run(script, "--", "--help");
    assert.equal(help.exitStatus, 0);
    assert.match(help.output, new RegExp(`\\n    ${option} `));
    assert.doesNotMatch(help.output, /^ ?\*|\*\//m);
    const { exitStatus, output } = await run(script, "--no-such");
    assert.equal(exitStatus, 2);
    assert.match(output, /^.*--no-such.*--help.*\n?$/);
  });
}
