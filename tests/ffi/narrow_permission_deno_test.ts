/** Under Deno everything works with permission for the two libraries alone; what is missing is never asked for. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libraryVariable } from "../../ffi/locate.ts";
import { type ChildResult, runChild } from "../support/child.ts";
import { nativeLibraryPath, skipWithoutLibusb, systemLibusbPath, virtualLibraryPath } from "../support/libraries.ts";
import { test } from "../support/test.ts";

const loadChild = new URL("../native/load_child.ts", import.meta.url);
const streamChild = new URL("stream_child.ts", import.meta.url);
const openChild = new URL("open_child.ts", import.meta.url);

/** Always some permission: where a child gets none, Deno's node:child_process hands it all of its parent's. */
const environment = [`--allow-env=${libraryVariable}`];

function runWith(
  module: URL,
  libraries: readonly string[],
  parameters: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<ChildResult> {
  const denoPermissions = [...(libraries.length === 0 ? [] : [`--allow-ffi=${libraries}`]), ...environment];
  return runChild(module, { parameters, denoPermissions, environment: variables });
}

/** Runs a module; also returns for what it needed permission, which Deno writes down whether it was given or not. */
async function runAudited(
  ...[module, libraries, parameters]: Parameters<typeof runWith>
): Promise<{ result: ChildResult; needed: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_audit_"));
  try {
    const audit = join(folder, "audit.jsonl");
    const result = await runWith(module, libraries, parameters, { DENO_AUDIT_PERMISSIONS: audit });
    const lines = readFileSync(audit, "utf8").trim().split("\n");
    const needed = lines.map((line) => JSON.parse(line) as { permission: string; value: string });
    return { result, needed: needed.map(({ permission, value }) => `${permission} ${value}`) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the system's libusb lists devices", { skip: skipWithoutLibusb }, async () => {
  const { status, output } = await runWith(loadChild, [nativeLibraryPath, systemLibusbPath!], ["system"]);
  assert.equal(status, 0, output);
  assert.match(output, /^\d+ devices by \//);
});

test("the virtual camera streams", {}, async () => {
  const { status, output } = await runWith(streamChild, [nativeLibraryPath, virtualLibraryPath], ["data"]);
  assert.equal(status, 0, output);
  assert.match(output, /^received [1-9]\d* bytes/);
});

test("without permission for libusb, each place is told as not permitted", {}, async () => {
  const { status, output } = await runWith(loadChild, [nativeLibraryPath], ["system"]);
  assert.equal(status, 0, output);
  assert.match(output, /^permission-denied in load libusb/);
  assert.match(output, /libusb-1\.0\S+: not permitted \(--allow-ffi does not name it\)/);
  const flag = flagsIn(output)[0]!;
  assert.ok(flag.startsWith(`--allow-ffi=${nativeLibraryPath},/`), flag);
  if (systemLibusbPath === undefined) return;
  const again = await runChild(loadChild, { parameters: ["system"], denoPermissions: [flag, ...environment] });
  assert.match(again.output, /^\d+ devices by \//);
});

test("without any permission, the native library is told as not permitted", {}, async () => {
  const { status, output } = await runWith(loadChild, []);
  assert.equal(status, 0, output);
  assert.match(output, /^permission-denied in load the native library.*\n.*: not permitted/);
  const [real, virtual] = flagsIn(output);
  for (const [flag, libusb] of [[real, "system"], [virtual, "virtual"]] as const) {
    if (libusb === "system" && systemLibusbPath === undefined) continue;
    const again = await runChild(loadChild, { parameters: [libusb], denoPermissions: [flag!, ...environment] });
    assert.match(again.output, /^\d+ devices by \//);
  }
});

test("without permission for the virtual camera, the flag names both libraries", {}, async () => {
  const { output } = await runWith(loadChild, [nativeLibraryPath], ["virtual"]);
  assert.match(output, /^permission-denied in load the virtual camera's library/);
  assert.deepEqual(flagsIn(output), [`--allow-ffi=${nativeLibraryPath},${virtualLibraryPath}`]);
});

/** Flags in a message, as a user would paste them. */
function flagsIn(output: string): string[] {
  return Array.from(output.matchAll(/--allow-ffi=[^\s"]*[^\s",.]/g), ([flag]) => flag);
}

// By its path it is a libusb like any other, with all that is done for a real camera.
test("open needs the two libraries and nothing that would be asked for", {}, async () => {
  const libraries = [nativeLibraryPath, virtualLibraryPath];
  const { result, needed } = await runAudited(openChild, libraries, [virtualLibraryPath]);
  assert.equal(result.status, 0, result.output);
  assert.match(result.output, /^[1-9]\d* events of Prophesee EVK4/);
  const permitted = [`env ${libraryVariable}`, ...libraries.map((path) => `ffi ${path}`)];
  assert.deepEqual([...new Set(needed)], permitted);
});
