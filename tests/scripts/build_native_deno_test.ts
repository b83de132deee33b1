import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { buildNative, isNativeBuilt } from "../../scripts/build_native.ts";

const skip = process.platform === "win32" ? "the stand-in for Zig is a shell script" : false;

/** A folder of sources, and a stand-in for Zig that counts its runs and "builds" by copying a source. */
function makeSources(): { directory: string; getZig: () => Promise<string>; runs: () => number; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_build_"));
  mkdirSync(join(directory, "src"));
  for (const name of ["build.zig", "build.zig.zon", "src/root.zig"]) writeFileSync(join(directory, name), name);
  const zig = join(directory, "fake_zig");
  const script = `#!/bin/sh
[ "$1" = build ] || exit 2
echo run >> runs.txt
grep -q mistake src/root.zig && { echo "src/root.zig:1:1: error: mistake" >&2; exit 1; }
mkdir -p zig-out/lib && cp src/root.zig zig-out/lib/library.so
`;
  writeFileSync(zig, script, { mode: 0o755 });
  writeFileSync(join(directory, "runs.txt"), "");
  return {
    directory,
    getZig: () => Promise.resolve(zig),
    runs: () => readFileSync(join(directory, "runs.txt"), "utf8").split("\n").length - 1,
    remove: () => rmSync(directory, { recursive: true }),
  };
}

test("a second build does not even look for Zig", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    assert.equal(isNativeBuilt(directory), false);
    await buildNative(getZig, directory);
    assert.equal(runs(), 1);
    assert.equal(isNativeBuilt(directory), true);
    await buildNative(() => Promise.reject(new Error("not needed")), directory);
    assert.equal(runs(), 1);
  } finally {
    remove();
  }
});

test("changed, new and removed sources are built; touched ones are not", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    await buildNative(getZig, directory);
    writeFileSync(join(directory, "src/root.zig"), "src/root.zig");
    await buildNative(getZig, directory);
    assert.equal(runs(), 1);
    writeFileSync(join(directory, "src/root.zig"), "changed");
    await buildNative(getZig, directory);
    assert.equal(runs(), 2);
    writeFileSync(join(directory, "src/new.zig"), "new");
    await buildNative(getZig, directory);
    assert.equal(runs(), 3);
    rmSync(join(directory, "src/new.zig"));
    await buildNative(getZig, directory);
    assert.equal(runs(), 4);
  } finally {
    remove();
  }
});

test("libraries that are missing or were replaced are built again", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    await buildNative(getZig, directory);
    writeFileSync(join(directory, "zig-out/lib/library.so"), "built by hand of other sources");
    assert.equal(isNativeBuilt(directory), false);
    await buildNative(getZig, directory);
    assert.equal(runs(), 2);
    rmSync(join(directory, "zig-out/lib"), { recursive: true });
    await buildNative(getZig, directory);
    assert.equal(runs(), 3);
  } finally {
    remove();
  }
});

test("a failed build shows Zig's message and is tried again", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    writeFileSync(join(directory, "src/root.zig"), "mistake");
    await assert.rejects(buildNative(getZig, directory), /status 1:\nsrc\/root.zig:1:1: error: mistake/);
    assert.equal(isNativeBuilt(directory), false);
    await assert.rejects(buildNative(getZig, directory), /mistake/);
    assert.equal(runs(), 2);
    writeFileSync(join(directory, "src/root.zig"), "right");
    await buildNative(getZig, directory);
    assert.equal(isNativeBuilt(directory), true);
  } finally {
    remove();
  }
});
