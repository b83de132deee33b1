/**
 * The packaged files of other platforms are loaded and stream: under QEMU, musl's loader and wine. A program in Zig
 * (`zig build package-check`) does what a JavaScript runtime does, as none runs in all three.
 */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zigDirectory } from "../../scripts/build_native.ts";
import { runCommand } from "../../scripts/commands.ts";
import { buildNativesPackage } from "../../scripts/packages/natives.ts";
import { packageDirectories } from "../../scripts/packages/names.ts";
import { filesOf, type Platform, virtualCameraProgram } from "../../scripts/packages/platforms.ts";
import { getZig } from "../../scripts/setup/zig.ts";
import { runZigBuild } from "../../scripts/testing/zig.ts";
import { slow, test } from "../support/test.ts";
import { obstacleTo, type Runner, runners } from "./running.ts";

await buildNativesPackage(getZig);
const { exitStatus, output } = await runZigBuild(await getZig(), ["package-check"]);
assert.equal(exitStatus, 0, output);

/** A folder with a space and a letter beyond ASCII, as homes of users have them. */
const folder = mkdtempSync(join(tmpdir(), "neuromorphic drivers é "));
globalThis.addEventListener("unload", () => rmSync(folder, { recursive: true }));

/** wine keeps its drives in a folder. */
const environment = { WINEPREFIX: join(folder, "wine"), WINEDEBUG: "-all" };

function run(runner: Runner, program: string, parameters: readonly string[]): ReturnType<typeof runCommand> {
  const [command = program, ...rest] = [...runner.command, program, ...parameters];
  return runCommand(command, rest, { environment });
}

/** Has the program of a platform load the libraries of one. */
function check(platform: Platform, libraries: Platform): ReturnType<typeof runCommand> {
  const name = platform.startsWith("win32") ? "package_check.exe" : "package_check";
  const copy = join(folder, libraries);
  cpSync(join(packageDirectories.native, libraries), copy, { recursive: true });
  const paths = filesOf(libraries).filter((file) => file !== virtualCameraProgram).map((file) => join(copy, file));
  return run(runners[platform]!, join(zigDirectory, "zig-out", "check", platform, name), paths);
}

const obstacles = new Map<Platform, string | undefined>();
for (const [platform, runner] of Object.entries(runners) as [Platform, Runner][]) {
  obstacles.set(platform, await obstacleTo(runner));
  test(`${platform}: the libraries load and stream`, { ...slow, skip: obstacles.get(platform) }, async () => {
    const { exitStatus, output } = await check(platform, platform);
    assert.match(output, /(?:^|\n)\d{7,} events in order\n$/);
    assert.equal(exitStatus, 0);
  });
}

const skip = obstacles.get("linux-x64-musl");

test(
  "each libc's loader refuses the other one's libraries, so the loader may try both",
  { ...slow, skip },
  async () => {
    for (const [own, other] of [["linux-x64", "linux-x64-musl"], ["linux-x64-musl", "linux-x64"]] as const) {
      const { exitStatus, output } = await check(own, other);
      assert.match(output, /LibraryNotFound/);
      assert.equal(exitStatus, 1);
    }
  },
);

for (const platform of ["linux-x64", "linux-arm64"] as const) {
  test(`${platform}: the program runs without a C library`, { ...slow, skip: obstacles.get(platform) }, async () => {
    const program = join(packageDirectories.native, platform, virtualCameraProgram);
    const emulator = runners[platform]!.command.slice(0, 1); // and no folder with libraries
    const runner = { command: emulator, packages: [] };
    const { exitStatus, output } = await run(runner, program, ["--help"]);
    assert.match(output, /USB\/IP/);
    assert.equal(exitStatus, 0);
  });
}
