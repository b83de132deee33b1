import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { readActivity } from "../../scripts/watchdog.ts";
import {
  findOnPath,
  inBackground,
  type PatientOptions,
  runCommand,
  runOrThrow,
  runPatiently,
} from "../../scripts/commands.ts";

const skip = process.platform === "win32" ? "uses a Unix shell" : false;

test("status and both outputs come back", { skip }, async () => {
  const script = "echo out; echo $WORD >&2; exit 3";
  const { exitStatus, output } = await runCommand("sh", ["-c", script], { environment: { WORD: "x" } });
  assert.equal(exitStatus, 3);
  assert.deepEqual(output.trim().split("\n").sort(), ["out", "x"]);
});

test("a signal that ended it is told as shells do", { skip }, async () => {
  assert.equal((await runCommand("sh", ["-c", "kill -SEGV $$"])).exitStatus, 139);
});

test("a command in the background comes last in the system's order", { skip }, async (t) => {
  if (findOnPath("nice") === undefined) return t.skip("there is no nice");
  const [program, ...parameters] = inBackground("sh", ["-c", 'nice; echo "$0"', "a word"]);
  const { output } = await runCommand(program, parameters);
  assert.deepEqual(output.trim().split("\n"), ["19", "a word"]);
});

test("a program that is not there is a status and not an exception", async () => {
  const { exitStatus, output } = await runCommand("neuromorphic-no-such-program", []);
  assert.equal(exitStatus, 127);
  assert.match(output, /neuromorphic-no-such-program/);
});

/** For what should hang at once. */
const impatient = () => ({ cpuS: 1, asleepS: 1 });
const skipWithoutProc = process.platform === "linux" ? false : "only Linux tells what processes do";

test("what sleeps for good is killed with its children", { skip: skipWithoutProc }, async () => {
  const { exitStatus, output } = await runCommand("sh", ["-c", "sleep 600 & echo $!; sleep 600"], {
    limits: impatient,
  });
  assert.equal(exitStatus, 124);
  assert.match(output, /sh was killed: it slept for 1 s/);
  await eventually("the end of the child", () => readActivity(parseInt(output)) === undefined ? true : undefined);
});

test("an endless loop is killed", { skip: skipWithoutProc }, async () => {
  const { exitStatus, output } = await runCommand("sh", ["-c", "while :; do :; done"], { limits: impatient });
  assert.equal(exitStatus, 124);
  assert.match(output, /sh was killed: it used more than 1 s of CPU time/);
});

test("what fails is tried again, as often as there are waits, unless the failure is final", { skip }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_commands_"));
  try {
    // Succeeds the third time.
    const script = 'echo run >> "$0"; echo output; [ $(wc -l < "$0") -ge 3 ]';
    const runs = (name: string) => readFileSync(join(directory, name), "utf8").split("\n").length - 1;
    const attempt = (name: string, waitsMs: readonly number[], options: PatientOptions = {}) => {
      return runPatiently("sh", ["-c", script, join(directory, name)], options, waitsMs);
    };
    assert.deepEqual(await attempt("enough", [1, 1, 1]), { exitStatus: 0, output: "output\n" });
    assert.equal(runs("enough"), 3);
    assert.deepEqual(await attempt("too_few", [1]), { exitStatus: 1, output: "output\n" });
    assert.equal(runs("too_few"), 2);
    const isFinal = (output: string) => output === "output\n";
    assert.deepEqual(await attempt("final", [1, 1, 1], { isFinal }), { exitStatus: 1, output: "output\n" });
    assert.equal(runs("final"), 1);
    const started = performance.now();
    assert.equal((await runPatiently("neuromorphic-no-such-program", [], {}, [600_000])).exitStatus, 127);
    assert.ok(performance.now() - started < 600_000);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a failure carries the output", { skip }, async () => {
  assert.equal(await runOrThrow("echo", ["fine"]), "fine\n");
  await assert.rejects(runOrThrow("sh", ["-c", "echo why; exit 2"]), /`sh -c .*` failed with status 2:\nwhy$/);
});

test("programs are found on PATH", { skip }, () => {
  assert.match(findOnPath("sh") ?? "", /\/sh$/);
  assert.equal(findOnPath("neuromorphic-no-such-program"), undefined);
});
