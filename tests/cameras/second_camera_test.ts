/**
 * A second camera, which shares its ids with the first: a folder, lines in the table, one line in `mod.ts`. It is added
 * to a copy of the library, of which nothing else is touched.
 */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test as plainTest } from "node:test";
import { pathToFileURL } from "node:url";
import { runCommand } from "../../scripts/commands.ts";
import { projectDirectory } from "../../scripts/project.ts";
import { runChild } from "../support/child.ts";
import { runtime, slow, test } from "../support/test.ts";
import {
  addedLines,
  driverSource,
  idsSource,
  programSource,
  publicSource,
  typesSource,
} from "./second_camera/sources.ts";

const copy = copyLibrary();
after(() => rmSync(copy, { recursive: true }));

/** The library, its native part and its packages in a folder of their own, with the second camera. */
function copyLibrary(): string {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_second_camera_"));
  for (const name of ["mod.ts", "src", "ffi", "deno.json", "deno.lock"]) {
    cpSync(join(projectDirectory, name), join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, "zig"));
  symlinkSync(join(projectDirectory, "zig", "zig-out"), join(folder, "zig", "zig-out"));
  symlinkSync(join(projectDirectory, "node_modules"), join(folder, "node_modules"));
  const camera = join(folder, "src", "cameras", "made_up");
  mkdirSync(camera);
  writeFileSync(join(camera, "usb_ids.ts"), idsSource);
  writeFileSync(join(camera, "driver.ts"), driverSource);
  writeFileSync(join(camera, "public.ts"), publicSource);
  for (const { file, before, line } of addedLines) {
    const text = readFileSync(join(folder, file), "utf8");
    assert.equal(text.split(before).length, 2, `${file} has not one ${before}`);
    writeFileSync(join(folder, file), text.replace(before, `${line}\n${before}`));
  }
  writeFileSync(join(folder, "program.ts"), programSource);
  writeFileSync(join(folder, "types.ts"), typesSource);
  return folder;
}

plainTest("list, devices, errors and sensors of two cameras that share ids name the right one", async () => {
  const { status, output } = await runChild(pathToFileURL(join(copy, "program.ts")));
  assert.equal(status, 0, output);
  const json = output.split("\n").find((line) => line.startsWith("{"));
  assert.ok(json !== undefined, output);
  const { listed, busy, devices, configurations, sensors, events, closed, wrong } = JSON.parse(json);
  assert.deepEqual(listed, [
    ["Prophesee EVK4", "made-up", "0E000001"],
    ["Prophesee EVK4", "prophesee-evk4", "00050ABC"],
    ["CenturyArks SilkyEvCam HD v03.09.00C", "prophesee-evk4", "00050ABD"],
  ]);
  assert.deepEqual(busy[0], ["Prophesee EVK4", null, "busy"]);
  assert.deepEqual(devices, [
    ["Prophesee EVK4", "made-up", "0E000001", "made up"],
    ["Prophesee EVK4", "prophesee-evk4", "00050ABC", "Prophesee/Sony IMX636"],
    ["CenturyArks SilkyEvCam HD v03.09.00C", "prophesee-evk4", "00050ABD", "Prophesee/Sony IMX636"],
  ]);
  assert.deepEqual(configurations, [3, 10]);
  assert.deepEqual(sensors, [43, false]);
  assert.equal(events, true);
  for (const message of closed) assert.match(message, /closed/);
  assert.match(wrong[0], /^TypeError: configuration\.gain must be a number/);
  assert.match(wrong[1], /not found; connected: Prophesee EVK4 0E000001 \(bus/);
  assert.match(wrong[2], /^TypeError: .*type/);
});

const options = { skip: runtime === "deno" ? undefined : "types are checked once, with Deno", ...slow };

test(
  "a wrong pair of type and configuration does not compile; tests, scripts and examples all do",
  options,
  async () => {
    for (const name of ["tests", "scripts", "README.md"]) {
      cpSync(join(projectDirectory, name), join(copy, name), { recursive: true });
    }
    await runsWell(["check", "--doc", "."]);
  },
);

test("the types that mod.ts publishes of the second camera are complete", options, async () => {
  await runsWell(["doc", "--lint", "mod.ts"]);
});

/** A command of Deno succeeds in the copy. */
async function runsWell(parameters: readonly string[]): Promise<void> {
  const { exitStatus, output } = await runCommand(process.execPath, parameters, { directory: copy });
  assert.equal(exitStatus, 0, output);
}
