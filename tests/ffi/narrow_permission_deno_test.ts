/** Under Deno everything works with permission for the two libraries alone; what is missing is never asked for. */

import assert from "node:assert/strict";
import { libraryVariable } from "../../ffi/locate.ts";
import { type ChildResult, runChild } from "../support/child.ts";
import { nativeLibraryPath, skipWithoutLibusb, systemLibusbPath, virtualLibraryPath } from "../support/libraries.ts";
import { test } from "../support/test.ts";

const loadChild = new URL("../native/load_child.ts", import.meta.url);
const streamChild = new URL("stream_child.ts", import.meta.url);

/** Always some permission: where a child gets none, Deno's node:child_process hands it all of its parent's. */
const environment = [`--allow-env=${libraryVariable}`];

function runWith(module: URL, libraries: readonly string[], parameters: readonly string[] = []): Promise<ChildResult> {
  const denoPermissions = [...(libraries.length === 0 ? [] : [`--allow-ffi=${libraries}`]), ...environment];
  return runChild(module, { parameters, denoPermissions });
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
  assert.match(output, /^native-library in load libusb/);
  assert.match(output, /libusb-1\.0\S+: not permitted \(not permitted, run with --allow-ffi=/);
  assert.match(output, /Permit it with --allow-ffi, or narrowly with --allow-ffi=<native library>,<libusb>/);
});

test("without any permission, the native library is told as not permitted", {}, async () => {
  const { status, output } = await runWith(loadChild, []);
  assert.equal(status, 0, output);
  assert.match(output, /^native-library in load the native library.*\n.*: not permitted/);
});
