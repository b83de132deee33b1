import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../scripts/commands.ts";
import { type GuestOptions, type GuestResult, runInGuestPatiently } from "../../scripts/kernel_guest/run.ts";
import { commandStartedAgain, readResult } from "../../scripts/kernel_guest/suite.ts";
import { testRuntimes } from "../../scripts/testing/runtimes.ts";

const kernel = { image: "vmlinux", modules: [] };
const wish = { sharedDirectory: "/nowhere", limits: { cpuS: 1, asleepS: 1 } };

/** A guest that comes to these ends, one after the other. */
function guest(...ends: GuestResult[]) {
  const asked: GuestOptions[] = [];
  const run = (_kernel: unknown, _command: string, options: GuestOptions) => {
    asked.push(options);
    return Promise.resolve(ends[asked.length - 1]!);
  };
  return { asked, run };
}

const down: GuestResult = { up: false, finished: false, output: "booting\nqemu: no memory\n" };
const up: GuestResult = { up: true, finished: true, output: "" };

test("a guest that comes up is not started again, also where its tests fail", async () => {
  for (const end of [up, { ...up, finished: false }]) {
    const { asked, run } = guest(end);
    assert.equal(await runInGuestPatiently(kernel, "true", wish, run), end);
    assert.equal(asked.length, 1);
  }
});

test("a guest that does not come up is tried once more", async () => {
  const { asked, run } = guest(down, up);
  assert.equal(await runInGuestPatiently(kernel, "true", wish, run), up);
  assert.equal(asked.length, 2);
});

test("a guest that cannot come up is no failed test but an obstacle, with its last words", async () => {
  const { asked, run } = guest(down, down, up);
  const result = await runInGuestPatiently(kernel, "true", wish, run);
  assert.ok("obstacle" in result);
  assert.match(result.obstacle, /did not come up twice.*\nbooting\nqemu: no memory$/);
  assert.equal(asked.length, 2);
});

/** What a guest left in its shared folder: for each runtime its exit status and its report, or nothing. */
function readLeft(output: string, left: Record<string, [status: number, xml: string]>) {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_guest_test_"));
  try {
    for (const [runtime, [status, xml]] of Object.entries(left)) {
      writeFileSync(join(directory, `${runtime}.status`), `${status}\n`);
      if (xml !== "") writeFileSync(join(directory, `${runtime}.xml`), xml);
    }
    return readResult({ ...up, output }, directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const passed = '<testcase name="a" classname="" file="tests/kernel/camera_test.ts"/>';
const failed = '<testcase name="b" file="tests/kernel/camera_test.ts"><failure message="why"/></testcase>';

test("the tests of all runtimes are added, and a failed one says under which", () => {
  const { counts, failures } = readLeft("", {
    deno: [0, passed + passed],
    bun: [1, passed + failed],
    node: [0, passed],
  });
  assert.deepEqual(counts, { passed: 4, failed: 1, skipped: 0 });
  assert.deepEqual(failures.map(({ name, message }) => [name, message]), [["bun: b", "why"]]);
});

test("a runtime that did not come to its end has failed, and its own last words are told", () => {
  const output = testRuntimes.map((runtime) => `== ${runtime} in the guest\n${runtime} speaks\n`).join("");
  const { counts, failures } = readLeft(output, { deno: [0, passed], bun: [139, ""] });
  assert.deepEqual(counts, { passed: 1, failed: 2, skipped: 0 });
  assert.match(failures[0]!.name, /^bun: .*status 139/);
  assert.equal(failures[0]!.message, "bun speaks");
  assert.match(failures[1]!.name, /^node: /);
  assert.equal(failures[1]!.message, "node speaks");
});

test("an engine that ends before any test is started again; not after one, and not for ever", async () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_again_"));
  try {
    const program = join(folder, "program");
    /** A program that ends so at each start; the last end is that of all later ones. */
    const runEnding = async (...ends: readonly string[]) => {
      ends.forEach((end, index) => writeFileSync(join(folder, `end_${index}`), end));
      const lines = ["#!/bin/sh", `cd '${folder}'`, "echo start >> starts", "count=$(wc -l < starts)"];
      writeFileSync(
        program,
        [...lines, `. ./end_$((count > ${ends.length} ? ${ends.length - 1} : count - 1))`].join("\n"),
        {
          mode: 0o755,
        },
      );
      await runCommand("/bin/sh", ["-c", commandStartedAgain([program], join(folder, "node"))]);
      const starts = readFileSync(join(folder, "starts"), "utf8").split("\n").length - 1;
      rmSync(join(folder, "starts"));
      return [starts, Number(readFileSync(join(folder, "node.status"), "utf8"))];
    };
    assert.deepEqual(await runEnding("kill -SEGV $$", "kill -TRAP $$", "echo '✔ a test'; exit 0"), [3, 0]);
    assert.deepEqual(await runEnding("exit 1"), [1, 1], "a failure counts");
    assert.deepEqual(await runEnding("echo '✔ a test'; kill -SEGV $$"), [1, 139], "a crash in the tests counts");
    assert.deepEqual(await runEnding("kill -SEGV $$"), [5, 139]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
