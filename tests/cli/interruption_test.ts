import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { test as anyTest } from "node:test";
import { Interrupted, interruptible } from "../../src/cli/interruption.ts";
import { childCommand } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { emitSignal } from "../support/signal.ts";
import { test } from "../support/test.ts";

function listeners(): number {
  return process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
}

anyTest("work has its result, and listens no longer than it takes", async () => {
  const before = listeners();
  const result = await interruptible((signal) => {
    assert.equal(listeners(), before + 2);
    return Promise.resolve(signal.aborted);
  });
  assert.equal(result, false);
  await assert.rejects(interruptible(() => Promise.reject(new Error("it fails"))), /it fails/);
  assert.equal(listeners(), before);
});

anyTest("a signal aborts the work with the status that shells tell", async () => {
  for (const [name, exitStatus] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const before = listeners();
    const work = interruptible((signal) => {
      emitSignal(name);
      assert.equal(listeners(), before, "the next signal is not listened to");
      signal.throwIfAborted();
      return Promise.resolve();
    });
    await assert.rejects(work, (error) => error instanceof Interrupted && error.exitStatus === exitStatus);
  }
});

const skip = process.platform === "win32" ? "Windows has no signals to send" : undefined;

test("the second signal ends the program at once", { skip }, async () => {
  const { command, parameters } = childCommand(new URL("interruption_child.ts", import.meta.url));
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Uint8Array) => output += new TextDecoder().decode(chunk));
  const ended = new Promise((resolve) => child.once("close", (status, signal) => resolve(signal ?? status)));
  await eventually("the work", () => /ready/.test(output) || undefined);
  process.kill(child.pid!, "SIGINT");
  await eventually("the abort", () => /true 130/.test(output) || undefined);
  process.kill(child.pid!, "SIGINT");
  assert.ok(["SIGINT", 130].includes(await ended as string | number));
});
