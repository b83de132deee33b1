import assert from "node:assert/strict";
import { test } from "node:test";
import { commands, runCli } from "../../src/cli/run_cli.ts";
import { NeuromorphicError } from "../../mod.ts";
import { version } from "../../src/version.ts";
import { FakeStream } from "./testing/world.ts";

/** Runs the command line on streams of its own. */
async function run(...parameters: string[]): Promise<{ exitStatus: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()];
  const exitStatus = await runCli(parameters, { stdout, stderr });
  return { exitStatus, stdout: stdout.text, stderr: stderr.text };
}

test("the help lists all commands, the version is one line", async () => {
  for (const option of ["--help", "-h"]) {
    const { exitStatus, stdout, stderr } = await run(option);
    assert.deepEqual({ exitStatus, stderr }, { exitStatus: 0, stderr: "" });
    for (const { name, summary } of commands) {
      assert.ok(stdout.includes(`\n  ${name} `) && stdout.includes(summary), name);
    }
  }
  for (const option of ["--version", "-V"]) {
    assert.deepEqual(await run(option), { exitStatus: 0, stdout: `${version}\n`, stderr: "" });
  }
});

for (const { name, help, parse } of commands) {
  test(`${name} --help fits 80 columns and names each option; others are refused with status 2`, async () => {
    for (const option of ["--help", "-h"]) {
      const { exitStatus, stdout, stderr } = await run(name, option);
      assert.deepEqual({ exitStatus, stderr }, { exitStatus: 0, stderr: "" });
      assert.equal(stdout, `neuromorphic-drivers ${name}\n\n${help}\n`);
      for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    }
    assert.match(help, /^Exit status: 0 /m);
    assert.throws(() => parse(["--xyzzy"]), /unknown option --xyzzy/);
    const { exitStatus, stdout, stderr } = await run(name, "--xyzzy");
    assert.deepEqual({ exitStatus, stdout }, { exitStatus: 2, stdout: "" });
    assert.equal(stderr, `${name}: unknown option --xyzzy (${name} --help shows the options)\n`);
  });
}

test("an unknown command is refused with the near miss", async () => {
  const { exitStatus, stdout, stderr } = await run("docter", "--json");
  assert.deepEqual({ exitStatus, stdout }, { exitStatus: 2, stdout: "" });
  assert.equal(stderr, 'neuromorphic-drivers: no command "docter"; did you mean "doctor"? (--help tells more)\n');
  assert.match((await run("\x1b[2J")).stderr, /no command "\\u001b\[2J"; there are demo, view, list, doctor,/);
});

test("without a command the options are those of the demo", async () => {
  const { exitStatus, stderr } = await run("--secnds", "1");
  assert.equal(exitStatus, 2);
  assert.equal(stderr, "demo: unknown option --secnds; did you mean --seconds? (demo --help shows the options)\n");
});

test("what native code needs is got before a command that calls it, and else not", async () => {
  const prepared: string[] = [];
  const runPrepared = (...parameters: string[]) => {
    const streams = { stdout: new FakeStream(), stderr: new FakeStream() };
    return runCli(parameters, { ...streams, prepare: () => Promise.resolve(void prepared.push(parameters.join(" "))) });
  };
  for (const parameters of ["list --help", "list --no-such", "--version", "no-such", "install-udev-rules --output -"]) {
    await runPrepared(...parameters.split(" "));
  }
  assert.deepEqual(prepared, []);
  assert.equal(await runPrepared("list", "--virtual"), 0);
  assert.deepEqual(prepared, ["list --virtual"]);
});

test("a failure that has a name is one message; a bug is thrown", async () => {
  const failing = (error: Error) => {
    const stderr = new FakeStream();
    const prepare = () => Promise.reject(error);
    return { stderr, result: runCli(["list", "--virtual"], { stdout: new FakeStream(), stderr, prepare }) };
  };
  const named = failing(new NeuromorphicError("io", "it fails"));
  assert.equal(await named.result, 1);
  assert.equal(named.stderr.text, "list: it fails\n");
  await assert.rejects(failing(new Error("a bug")).result, /a bug/);
});

test("a full disk is a failure, a reader that has ended is none", async () => {
  for (const [code, exitStatus, message] of [["ENOSPC", 1, /standard output: no space/], ["EPIPE", 0, /^$/]] as const) {
    const [stdout, stderr] = [new FakeStream(), new FakeStream()];
    stdout.write = () => void stdout.emit("error", Object.assign(new Error("no space"), { code }));
    assert.equal(await runCli(["--version"], { stdout, stderr }), exitStatus);
    assert.match(stderr.text, message);
  }
});
