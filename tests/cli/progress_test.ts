import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProgress, ProgressBar, withProgress } from "../../src/cli/progress.ts";
import { FakeStream } from "./testing/world.ts";

test("the bar tells how far it is, how fast, and how long it will take", () => {
  assert.equal(
    formatProgress({ bytes: 1e9, totalBytes: 4e9 }, 2000),
    "[####            ]  25 % of 4.00 GB  500 MB/s  6 s left",
  );
  assert.equal(formatProgress({ bytes: 5e6, totalBytes: undefined }, 1000), "5.00 MB  5.00 MB/s");
  assert.match(formatProgress({ bytes: 9, totalBytes: 9 }, 1000), /^\[#{16}\] 100 %/);
});

test("what takes less than a second shows nothing; a terminal's bar is drawn in place, and cleared", () => {
  const terminal = new FakeStream(true);
  const bar = new ProgressBar(terminal);
  for (let ms = 0; ms <= 900; ms += 100) bar.update("reading", { bytes: ms, totalBytes: 4000 }, ms);
  bar.clear();
  assert.equal(terminal.text, "");
  for (let ms = 1000; ms <= 1950; ms += 50) bar.update("reading", { bytes: ms, totalBytes: 4000 }, ms);
  const drawn = terminal.text.split("\r").slice(1);
  assert.equal(drawn.length, 5); // each 0.2 s
  for (const line of drawn) {
    assert.match(line, /^reading \[#+ +\] .* left/);
    assert.ok(line.endsWith("\x1b[K"));
  }
  assert.ok(!terminal.text.includes("\n"));
  bar.update("writing", { bytes: 0, totalBytes: 4000 }, 2000); // begins anew
  assert.equal(terminal.text.split("\r").length, 6);
  bar.clear();
  assert.ok(terminal.text.endsWith("\r\x1b[K"));
});

test("elsewhere than on a terminal there is a line each ten seconds", () => {
  const log = new FakeStream();
  const bar = new ProgressBar(log);
  for (let ms = 0; ms <= 25_000; ms += 500) bar.update("reading", { bytes: ms, totalBytes: 40_000 }, ms);
  bar.clear();
  assert.deepEqual(log.text.split("\n").map((line) => line.slice(0, 7)), ["reading", "reading", ""]);
});

test("the bar is gone when the work has failed", async () => {
  const stderr = new FakeStream(true);
  const work = withProgress({ stderr }, (bar) => {
    bar.update("reading", { bytes: 0, totalBytes: 9 }, 0);
    bar.update("reading", { bytes: 5, totalBytes: 9 }, 5000);
    return Promise.reject(new Error("broken"));
  });
  await assert.rejects(work, /broken/);
  assert.ok(stderr.text.endsWith("left\x1b[K\r\x1b[K"));
});
