import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../support/child.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url);

/** Runs the command line with the permission to call native code alone. */
function run(...parameters: string[]) {
  return runChild(main, { parameters, denoPermissions: ["--allow-ffi"] });
}

test("list, doctor and demo need --allow-ffi and nothing else for the virtual camera", async () => {
  for (const parameters of [["list"], ["doctor"], ["demo", "--seconds", "0.1"]]) {
    const { status, output, errors } = await run(...parameters, "--virtual");
    assert.deepEqual({ status, errors }, { status: 0, errors: "" }, output);
  }
});

test("what is not permitted is told in one line", async () => {
  for (const parameters of [["install-udev-rules", "--output", "x.rules"], ["virtual-camera"]]) {
    const { status, output } = await run(...parameters);
    assert.equal(status, 1);
    assert.match(output, /^\S+: .*--allow-\w+ flag\n$/);
  }
});

test("the doctor of a system whose files must not be read says so", async () => {
  const { output } = await run("doctor", "--no-open");
  if (Deno.build.os === "linux") assert.match(output, /^warning {2}files of the system: .* --allow-all$/m);
});
