import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { findOnPath, runCommand, runOrThrow } from "../../scripts/commands.ts";

const skip = process.platform === "win32" ? "uses a Unix shell" : false;

test("status and both outputs come back", { skip }, async () => {
  const script = "echo out; echo $WORD >&2; exit 3";
  const { exitStatus, output } = await runCommand("sh", ["-c", script], { environment: { WORD: "x" } });
  assert.equal(exitStatus, 3);
  assert.deepEqual(output.trim().split("\n").sort(), ["out", "x"]);
});

test("a program that is not there is a status and not an exception", async () => {
  const { exitStatus, output } = await runCommand("neuromorphic-no-such-program", []);
  assert.equal(exitStatus, 127);
  assert.match(output, /neuromorphic-no-such-program/);
});

test("what hangs is killed", { skip }, async () => {
  const { exitStatus, output } = await runCommand("sleep", ["60"], { timeoutMs: 50 });
  assert.equal(exitStatus, 124);
  assert.match(output, /did not end within 0.05 s/);
});

test("a failure carries the output", { skip }, async () => {
  assert.equal(await runOrThrow("echo", ["fine"]), "fine\n");
  await assert.rejects(runOrThrow("sh", ["-c", "echo why; exit 2"]), /`sh -c .*` failed with status 2:\nwhy$/);
});

test("programs are found on PATH", { skip }, () => {
  assert.match(findOnPath("sh") ?? "", /\/sh$/);
  assert.equal(findOnPath("neuromorphic-no-such-program"), undefined);
});
