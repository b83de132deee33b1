import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { NeuromorphicError } from "../../mod.ts";
import { programOptions, virtualCameraCommand } from "../../src/cli/virtual_camera.ts";
import { findVirtualCameraProgram } from "../../src/native/program.ts";
import { LoadFailure } from "../../ffi/load_failure.ts";
import { childCommand } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { test } from "../support/test.ts";
import { makeWorld } from "./testing/world.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url);
const skip = process.platform === "linux" ? undefined : "the program is built for Linux only";
const skipElsewhere = skip === undefined ? "this is a Linux" : undefined;

test("the options, and their help, are those of the program", { skip }, async () => {
  const text = execFileSync(await findVirtualCameraProgram(), ["--help"], { encoding: "utf8" });
  const named = (help: string) =>
    [...new Set(Array.from(help.matchAll(/^ .*?--([a-z]+)/gm), ([, name]) => name))].sort();
  assert.deepEqual(named(text), Object.keys(programOptions).sort());
  assert.deepEqual(named(virtualCameraCommand.help), Object.keys(programOptions).sort());
});

test("it serves until Ctrl-C, which ends it with status 0", { skip }, async () => {
  const parameters = ["virtual-camera", "--port=0", "--count", "2", "--serial", "00050ABC"];
  const { command, parameters: all } = childCommand(main, { parameters });
  // A process group of its own, which gets the signal as from a terminal.
  const child = spawn(command, all, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Uint8Array) => output += new TextDecoder().decode(chunk));
  }
  const ended = new Promise((resolve) => child.once("close", (status, signal) => resolve(status ?? signal)));
  await eventually("the server", () => /listening on 127\.0\.0\.1/.test(output) || undefined);
  process.kill(-child.pid!, "SIGINT");
  assert.equal(await ended, 0, output);
  assert.match(output, /^camera 00050ABC is 1-1\ncamera 00050ABD is 1-2\n/);
});

test("the program's own refusals are told, and end with its status", { skip }, async () => {
  const { command, parameters } = childCommand(main, { parameters: ["virtual-camera", "--count", "99"] });
  const child = spawn(command, parameters, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Uint8Array) => errors += new TextDecoder().decode(chunk));
  assert.equal(await new Promise((resolve) => child.once("close", resolve)), 1);
  assert.equal(errors, "neuromorphic_virtual_camera: --count takes 1 to 15\n");
});

test("other systems are told that it runs on Linux", { skip: skipElsewhere }, async () => {
  await assert.rejects(virtualCameraCommand.parse([])(makeWorld()), { code: "unsupported", message: /on Linux only/ });
});

test("the first place that has the program is taken; where none has it, each is told", {}, async () => {
  const here = { path: process.execPath };
  const missing = { path: "/no/such/program" };
  const without = { path: "a-package", obstacle: new LoadFailure("a-package", "missing", "not found") };
  const altered = {
    path: process.execPath,
    files: { [process.execPath.split(/[/\\]/).at(-1)!]: { size: 1, sha256: "" } },
  };
  assert.ok(existsSync(here.path));
  assert.equal(await findVirtualCameraProgram(() => Promise.resolve([without, missing, here])), here.path);
  await assert.rejects(findVirtualCameraProgram(() => Promise.resolve([without, missing, altered])), (error) => {
    return error instanceof NeuromorphicError && error.code === "native-library" &&
      /tried a-package: not found; \/no\/such\/program: missing; .*: it has \d+ bytes.*`deno task setup`/.test(
        error.message,
      );
  });
});
