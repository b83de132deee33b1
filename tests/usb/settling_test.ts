import assert from "node:assert/strict";
import { test } from "node:test";
import { realSettling, skippedSettling } from "../../src/usb/settling.ts";

test("real waits last at least as long as asked, blocking or not", async () => {
  for (const us of [0, 5, 300, 1_000, 2_000, 2_001, 5_500, 20_000]) {
    const before = performance.now();
    realSettling.waitSync(us);
    const between = performance.now();
    await realSettling.wait(us);
    const after = performance.now();
    assert.ok(between - before >= us / 1_000, `waitSync(${us})`);
    assert.ok(after - between >= us / 1_000, `wait(${us})`);
  }
  assert.equal(realSettling.timeoutMs(1_000), 1_000);
});

test("long waits leave the event loop free", async () => {
  let ticks = 0;
  const timer = setInterval(() => ++ticks, 1);
  await realSettling.wait(50_000);
  clearInterval(timer);
  assert.ok(ticks > 0);
});

test("an abort ends a long wait with its reason, and leaves no listener and no timer", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const waiting = realSettling.wait(3_600_000_000, controller.signal);
  setTimeout(() => controller.abort(reason), 5);
  await assert.rejects(waiting, (error) => error === reason);
  for (const settling of [realSettling, skippedSettling]) {
    await assert.rejects(settling.wait(10_000, controller.signal), (error) => error === reason);
  }
});

test("skipped waits take no time", async () => {
  const before = performance.now();
  await skippedSettling.wait(3_600_000_000);
  skippedSettling.waitSync(3_600_000_000);
  assert.ok(performance.now() - before < 60_000);
  assert.equal(skippedSettling.timeoutMs(1_000), 10);
  assert.equal(skippedSettling.timeoutMs(3), 3);
});
