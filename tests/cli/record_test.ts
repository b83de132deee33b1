import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configureVirtualBus, openRecording, summarizeRecording, verifyRecording } from "../../mod.ts";
import { recordingLine } from "../../src/cli/record.ts";
import { runCli } from "../../src/cli/run_cli.ts";
import { inFolder } from "../recording/testing/raw_recording.ts";
import { childCommand } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { emitSignal } from "../support/signal.ts";
import { slow, test } from "../support/test.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { spawn } from "node:child_process";
import { FakeStream } from "./testing/world.ts";

const main = new URL("../../src/cli/main.ts", import.meta.url);

/** Starts the command line in a folder, on streams of its own. */
function start(folder: string, parameters: readonly string[], isTTY = false) {
  const [stdout, stderr] = [new FakeStream(isTTY), new FakeStream(isTTY)];
  return { stdout, stderr, ended: runCli(["record", ...parameters], { stdout, stderr, folder }) };
}

test("record writes a file whose receipt says that it is complete", slow, () =>
  inFolder(async (folder) => {
    const { stdout, ended } = start(folder, ["--virtual", "--seconds", "0.5", "a.raw"]);
    assert.equal(await ended, 0);
    await assertNothingLeft();
    assert.match(stdout.text, /^a\.raw: [\d,]+ events, [\d.]+ MB in [\d.]+ m?s; nothing lost\n$/);
    const path = join(folder, "a.raw");
    const { verdict, polarityEvents, endReason, start: begin } = await verifyRecording(path);
    assert.deepEqual([verdict, endReason, begin?.camera.serial], ["complete", "time", "00000001"]);
    const summary = await summarizeRecording(path);
    assert.equal(summary.polarityEvents, polarityEvents);
    assert.ok(polarityEvents > 100_000, `${polarityEvents} events`);
    await configureVirtualBus();
  }));

test("--bytes is a limit, and a file that is there stays without --force", slow, () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "a.raw"), "mine");
    const refused = start(folder, ["--virtual", "--bytes", "500k", "a.raw"]);
    assert.equal(await refused.ended, 1);
    assert.match(refused.stderr.text, /a\.raw: .*--force, which overwrites it/);
    assert.equal(readFileSync(join(folder, "a.raw"), "utf8"), "mine");
    assert.equal(await start(folder, ["--virtual", "--bytes", "500k", "--force", "a.raw"]).ended, 0);
    const { bytes, verdict, endReason } = await verifyRecording(join(folder, "a.raw"));
    assert.ok(bytes <= 500_000 && bytes > 400_000, `${bytes} bytes`);
    assert.deepEqual([verdict, endReason], ["complete", "size"]);
    const foreign = start(folder, ["--virtual", "a.csv"]);
    assert.equal(await foreign.ended, 2);
    assert.match(foreign.stderr.text, /^record: FILE must be that of a RAW file, such as events.raw .*, not "a.csv"/);
    const missing = start(folder, ["--virtual", "missing/a.raw"]);
    assert.equal(await missing.ended, 1);
    assert.equal(existsSync(join(folder, "missing")), false);
    await assertNothingLeft();
    await configureVirtualBus();
  }));

test("Ctrl-C stops and completes the recording, with the picture gone", slow, () =>
  inFolder(async (folder) => {
    const { stdout, ended } = start(folder, ["--virtual", "a.raw"], true);
    await eventually("a picture", () => stdout.text.includes("\x1b[?2026l") || undefined);
    emitSignal("SIGINT");
    assert.equal(await ended, 0);
    assert.ok(stdout.text.includes("\nrecording Prophesee EVK4 00000001 to a.raw; Ctrl-C ends\x1b[K\n"));
    const [, end] = stdout.text.split("\x1b[?25h");
    assert.match(end!, /^\na\.raw: [\d,]+ events, .*; nothing lost\n$/);
    const { verdict, endReason } = await verifyRecording(join(folder, "a.raw"));
    assert.deepEqual([verdict, endReason], ["complete", "signal"]);
    await configureVirtualBus();
  }));

test(
  "a camera that is unplugged ends the recording, and what was written before is told",
  slow,
  () =>
    inFolder(async (folder) => {
      const { stdout, stderr, ended } = start(folder, ["--virtual", "a.raw"]);
      const path = join(folder, "a.raw");
      await eventually("a megabyte", () => (existsSync(path) && statSync(path).size > 1_000_000) || undefined);
      await configureVirtualBus([]);
      assert.equal(await ended, 1);
      assert.match(stdout.text, /^a\.raw: [\d,]+ events, /);
      assert.match(stderr.text, /record: the camera was unplugged; the file has what was written before\n$/);
      const { endReason, damage } = await verifyRecording(path);
      assert.deepEqual([endReason, damage], ["disconnected", []]);
      await configureVirtualBus();
    }),
);

test(
  "a recording whose program was killed is told, repaired, and complete then",
  slow,
  () =>
    inFolder(async (folder) => {
      const parameters = ["record", "--virtual", "a.raw"];
      const { command, parameters: all } = childCommand(main, { parameters });
      const child = spawn(command, all, { cwd: folder, stdio: "ignore" });
      const path = join(folder, "a.raw");
      await eventually("a megabyte", () => (existsSync(path) && statSync(path).size > 1_000_000) || undefined);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("close", resolve));
      const { verdict } = await verifyRecording(path);
      assert.ok(verdict === "longer" || verdict === "unfinished", verdict);
      const [stdout, stderr] = [new FakeStream(), new FakeStream()];
      assert.equal(await runCli(["verify", "--repair", "a.raw"], { stdout, stderr, folder }), 0);
      assert.match(stdout.text, /^a\.raw: complete: /);
      const { polarityEvents } = await verifyRecording(path);
      const summary = await summarizeRecording(path);
      assert.equal(summary.polarityEvents, polarityEvents);
    }),
);

test("record - writes RAW to standard output, up to --bytes", slow, () =>
  inFolder(async (folder) => {
    const parameters = ["record", "--virtual", "--bytes", "100k", "-"];
    const { command, parameters: all } = childCommand(main, { parameters });
    const child = spawn(command, all, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Uint8Array[] = [];
    child.stdout.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    assert.equal(await new Promise((resolve) => child.once("close", resolve)), 0);
    const bytes = Uint8Array.from(chunks.flatMap((chunk) => Array.from(chunk)));
    assert.ok(bytes.length <= 100_000 && bytes.length > 99_998, `${bytes.length} bytes`);
    await using recording = await openRecording(bytes.subarray(0, bytes.length));
    assert.deepEqual([recording.format.name, recording.header.serial_number], ["raw-evt3", "00000001"]);
    for await (const _ of recording); // "damaged" where it ends within a word
  }));

test("the line of a second has the rate, the losses and what is left", {}, () => {
  const before = {
    bytes: 1e6,
    countedBytes: 1e6,
    seconds: 1,
    bytesPerSecond: 0,
    polarityEvents: 1000,
    triggerEvents: 0,
    currentTime: undefined,
    gaps: 0,
    droppedTransfers: 0,
    droppedBytes: 0,
    skippedBytes: 0,
    queuedBytes: 0,
    reason: undefined,
  };
  const now = {
    ...before,
    bytes: 13e6,
    countedBytes: 13e6,
    seconds: 3,
    polarityEvents: 5_001_000,
    droppedBytes: 131_072,
    queuedBytes: 2e6,
  };
  assert.equal(
    recordingLine(now, before, 2, { seconds: 10, bytes: 50_000_000 }),
    "  3 s  2.50 Mev/s  6.00 MB/s  13.0 MB  dropped 131 kB  waiting 2.00 MB  7 s left  37.0 MB left",
  );
  assert.match(
    recordingLine({ ...now, countedBytes: 1e6 }, before, 2, { seconds: undefined, bytes: undefined }),
    /not counted yet 12\.0 MB$/,
  );
});

test("wrong options are refused before anything is done", {}, async () => {
  const mistakes: readonly string[][] = [
    ["--seconds", "0", "a.raw"],
    ["--bytes", "100", "a.raw"],
    ["--bytes", "5X", "a.raw"],
    ["--virtual", "--serial", "1", "a.raw"],
    ["--virtual"],
    ["a.raw", "b.raw"],
  ];
  for (const parameters of mistakes) {
    const { ended, stderr } = start("/missing", parameters);
    assert.equal(await ended, 2, parameters.join(" "));
    assert.match(stderr.text, /^record: .* \(record --help shows the options\)\n$/);
  }
});
