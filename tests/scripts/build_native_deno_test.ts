import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { buildNative, isNativeBuilt, packagedLibraries } from "../../scripts/build_native.ts";

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
folder=zig-out/\${2:-lib}
mkdir -p $folder && cp src/root.zig $folder/library.so
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
    assert.equal(isNativeBuilt({ directory }), false);
    await buildNative(getZig, { directory });
    assert.equal(runs(), 1);
    assert.equal(isNativeBuilt({ directory }), true);
    await buildNative(() => Promise.reject(new Error("not needed")), { directory });
    assert.equal(runs(), 1);
  } finally {
    remove();
  }
});

test("changed, new and removed sources are built; touched ones are not", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    await buildNative(getZig, { directory });
    writeFileSync(join(directory, "src/root.zig"), "src/root.zig");
    await buildNative(getZig, { directory });
    assert.equal(runs(), 1);
    writeFileSync(join(directory, "src/root.zig"), "changed");
    await buildNative(getZig, { directory });
    assert.equal(runs(), 2);
    writeFileSync(join(directory, "src/new.zig"), "new");
    await buildNative(getZig, { directory });
    assert.equal(runs(), 3);
    rmSync(join(directory, "src/new.zig"));
    await buildNative(getZig, { directory });
    assert.equal(runs(), 4);
  } finally {
    remove();
  }
});

test("libraries that are missing or were replaced are built again", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    await buildNative(getZig, { directory });
    writeFileSync(join(directory, "zig-out/lib/library.so"), "built by hand of other sources");
    assert.equal(isNativeBuilt({ directory }), false);
    await buildNative(getZig, { directory });
    assert.equal(runs(), 2);
    rmSync(join(directory, "zig-out/lib"), { recursive: true });
    await buildNative(getZig, { directory });
    assert.equal(runs(), 3);
  } finally {
    remove();
  }
});

test("a failed build shows Zig's message and is tried again", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  try {
    writeFileSync(join(directory, "src/root.zig"), "mistake");
    await assert.rejects(buildNative(getZig, { directory }), /status 1:\nsrc\/root.zig:1:1: error: mistake/);
    assert.equal(isNativeBuilt({ directory }), false);
    await assert.rejects(buildNative(getZig, { directory }), /mistake/);
    assert.equal(runs(), 2);
    writeFileSync(join(directory, "src/root.zig"), "right");
    await buildNative(getZig, { directory });
    assert.equal(isNativeBuilt({ directory }), true);
  } finally {
    remove();
  }
});

test("the package's libraries have a stamp of their own, and are alone in their folder", { skip }, async () => {
  const { directory, getZig, runs, remove } = makeSources();
  const build = packagedLibraries;
  try {
    await buildNative(getZig, { directory });
    assert.equal(isNativeBuilt({ directory, build }), false);
    await buildNative(getZig, { directory, build });
    assert.equal(runs(), 2);
    assert.equal(isNativeBuilt({ directory }) && isNativeBuilt({ directory, build }), true);

    const stale = join(directory, "zig-out/package/of_an_older_table.so");
    writeFileSync(stale, "");
    assert.equal(isNativeBuilt({ directory, build }), false);
    await buildNative(getZig, { directory, build });
    assert.deepEqual([existsSync(stale), isNativeBuilt({ directory, build })], [false, true]);
    assert.equal(existsSync(join(directory, "zig-out/lib/library.so")), true);
  } finally {
    remove();
  }
});
