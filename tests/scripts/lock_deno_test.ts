import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withLock } from "../../scripts/setup/lock.ts";

test("two setups take turns", async () => {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_lock_"));
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    --running;
  };
  try {
    await Promise.all([1, 2, 3].map(() => withLock(directory, work)));
    assert.equal(most, 1);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a setup that fails does not keep the next one waiting", async () => {
  const directory = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_lock_"));
  try {
    await assert.rejects(withLock(directory, () => Promise.reject(new Error("failed"))), /failed/);
    assert.equal(await withLock(directory, () => Promise.resolve("done")), "done");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
