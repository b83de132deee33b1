/** The command line as a program: exit statuses, pipes, and where its module is no program. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { version } from "../../src/version.ts";
import { childCommand, runChild } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { runtime, test } from "../support/test.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url);

/** Runs the program with all that makes programs write colours, and returns what it wrote into pipes. */
async function run(...parameters: string[]): Promise<{ exitStatus: number | null; stdout: string; stderr: string }> {
  const environment = { NO_COLOR: "", FORCE_COLOR: "1", COLORTERM: "truecolor", TERM: "xterm-256color" };
  const { status, output, errors } = await runChild(main, { parameters, environment });
  return { exitStatus: status, stdout: output.slice(0, output.length - errors.length), stderr: errors };
}

test("a package's bin needs its first line", {}, () => {
  assert.ok(readFileSync(main, "utf8").startsWith("#!/usr/bin/env node\n"));
});

test("statuses, streams and no escape sequence in a pipe", {}, async () => {
  const runs: readonly [string[], number, RegExp, RegExp][] = [
    [["--version"], 0, new RegExp(`^${version.replaceAll(".", "\\.")}\n$`), /^$/],
    [["--help"], 0, /^Event cameras/, /^$/],
    [["lst"], 2, /^$/, /did you mean "list"/],
    [["list", "--virtual"], 0, /^name .*\n.*\nProphesee EVK4 .*\n$/, /^$/],
    [["list", "--jsno"], 2, /^$/, /^list: unknown option --jsno; did you mean --json\?/],
    [["doctor", "--virtual"], 0, /\n1 of 1 camera usable\n$/, /^$/],
    [["install-udev-rules", "--output", "-"], 0, /^# Access to event cameras/, /^$/],
    [["--virtual", "--seconds", "0.2"], 0, / events .* nothing dropped\n$/, /^$/],
    [["--recording", "no_such.raw"], 1, /^$/, /^demo: .*no_such\.raw/],
  ];
  for (const [parameters, exitStatus, stdout, stderr] of runs) {
    const result = await run(...parameters);
    const shown = JSON.stringify({ parameters, ...result });
    assert.equal(result.exitStatus, exitStatus, shown);
    assert.match(result.stdout, stdout, shown);
    assert.match(result.stderr, stderr, shown);
    assert.ok(!shown.includes("\\u001b"), shown);
  }
});

test("what --json prints is JSON and nothing else", {}, async () => {
  assert.equal(JSON.parse((await run("list", "--virtual", "--json")).stdout)[0].serial, "00000001");
  assert.equal(JSON.parse((await run("doctor", "--virtual", "--json")).stdout).usable, true);
});

test("a reader that has ended ends no command with a stack", {}, async () => {
  for (const parameters of [["--help"], ["list", "--virtual", "--json"], ["doctor", "--virtual"]]) {
    const { command, parameters: all } = childCommand(main, { parameters });
    const child = spawn(command, all, { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy(); // as `| true`
    let errors = "";
    child.stderr.on("data", (chunk: Uint8Array) => errors += new TextDecoder().decode(chunk));
    assert.equal(await new Promise((resolve) => child.once("close", resolve)), 0, `${parameters}: ${errors}`);
    assert.equal(errors, "", `${parameters}`);
  }
});

const skipSignals = process.platform === "win32" ? "Windows has no signals to send" : undefined;

test("a signal ends the demo with its summary", { skip: skipSignals }, async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const { command, parameters } = childCommand(main, { parameters: ["--virtual"] });
    const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Uint8Array) => output += new TextDecoder().decode(chunk));
    const ended = new Promise((resolve) => child.once("close", (status, by) => resolve(status ?? by)));
    await eventually("the first line", () => / Mev\/s /.test(output) || undefined);
    process.kill(child.pid!, signal); // not `child.kill`, after which Deno takes each end for that of the signal
    assert.equal(await ended, 0, signal);
    assert.match(output, /\n[\d,]+ events .* nothing dropped\n$/);
  }
});

/** Runs a test in a folder of its own. */
async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_main_"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const skipLink = process.platform === "win32"
  ? "npm makes no links on Windows"
  : runtime === "deno"
  ? "Deno runs no package by its link"
  : undefined;

test("the link that npm makes of bin runs the program", { skip: skipLink }, () => {
  return inFolder(async (folder) => {
    const link = join(folder, "neuromorphic-drivers");
    symlinkSync(fileURLToPath(main), link);
    const { status, output } = await runChild(pathToFileURL(link), { parameters: ["--version"] });
    assert.deepEqual({ status, output }, { status: 0, output: `${version}\n` });
  });
});

test("a module that imports the command line does not run it", {}, () => {
  return inFolder(async (folder) => {
    const importer = join(folder, "importer.mjs");
    writeFileSync(importer, `await import(${JSON.stringify(main.href)});\nconsole.log("imported");\n`);
    const { status, output } = await runChild(pathToFileURL(importer), { parameters: ["--version"] });
    assert.deepEqual({ status, output }, { status: 0, output: "imported\n" });
  });
});
