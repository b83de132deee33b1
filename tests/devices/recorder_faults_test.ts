/** What goes wrong while a camera is recorded: on the bus, on the disk, in the program. */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import {
  configureVirtualBus,
  createDecoder,
  NeuromorphicError,
  open,
  record,
  repairReceipt,
  verifyRecording,
  type VirtualCameraOptions,
  type VirtualFault,
} from "../../mod.ts";
import { receiptPathOf } from "../../src/recording/receipt.ts";
import { runChild } from "../support/child.ts";
import { eventually } from "../support/eventually.ts";
import { assertReceiptFits, readRecorded } from "../support/recorded.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { runtime, slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";

const linuxOnly = process.platform === "linux" ? undefined : "pipes and limits as Linux has them";

/** A camera that sends as fast as it is asked, so that a busy machine makes it lose nothing. */
function sequenceWith(...faults: Omit<VirtualFault, "endpoint">[]): VirtualCameraOptions {
  const source = { kind: "sequence", intervalUs: 4 } as const;
  return { source, bytesPerSecond: 0, faults: faults.map((fault) => ({ ...fault, endpoint: 0x81 })) };
}

/** A camera without output: it sends nothing, and no fault strikes, before a recorder is there. */
function openSilent() {
  return open({ type: "prophesee-evk4", libusb: "virtual", configuration: { output: false } });
}

/** Times of the events before a place of the file, and of those behind it. */
async function timesAround(file: Uint8Array, start: number, place: number): Promise<[number[], number[]]> {
  using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  const timesOf = (bytes: Uint8Array) =>
    [...decoder.decode(bytes)].flatMap(({ polarityEvents }) => [...polarityEvents?.t ?? []]);
  return [timesOf(file.subarray(start, place)), timesOf(file.subarray(place))];
}

/** Whether each event is 4 µs after the one before. */
function assertComplete(times: readonly number[]): void {
  times.forEach((t, index) => index > 0 && assert.equal(t, times[index - 1]! + 4));
}

test("a transfer that fails is a gap, in its place", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await configureVirtualBus([sequenceWith({ kind: "protocol-error", after: 1, length: 3000 })]);
    await using device = await openSilent();
    const recorder = device.recordTo(path, { bytes: 300_000 });
    device.updateConfiguration({ output: true });
    const { gaps, droppedBytes, droppedTransfers } = await recorder.finished;
    assert.deepEqual({ gaps, droppedTransfers }, { gaps: 1, droppedTransfers: 1 });
    assert.ok(droppedBytes <= 3000);
    const recorded = readRecorded(path);
    await assertReceiptFits(recorded);
    const [gap] = recorded.receipt.gaps;
    assert.equal(gap?.cause, "usb");
    const [before, behind] = await timesAround(recorded.file, recorded.receipt.start.headerBytes, gap!.at);
    assertComplete(before);
    assertComplete(behind);
    assert.ok(before.length > 0);
    // An event has 6 bytes and 4 µs; behind those lost the words before the next TIME_HIGH are left out.
    const missingUs = behind[0]! - before.at(-1)!;
    const lostUs = droppedBytes / 6 * 4;
    assert.ok(missingUs > lostUs - 8 && missingUs < lostUs + 4100, `${missingUs} µs are missing for ${lostUs}`);
    assert.equal(behind[0]! % 4096, 0);
  }));

test(
  "a STALL is a gap, without known bytes, and an unplugged camera leaves a complete file",
  slow,
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.raw");
      await configureVirtualBus([sequenceWith({ kind: "stall", after: 1 }, { kind: "unplug", after: 4 })]);
      const device = await openSilent();
      const recorder = device.recordTo(path);
      try {
        device.updateConfiguration({ output: true });
      } catch (error) { // it may be unplugged before it has answered
        assert.ok(error instanceof NeuromorphicError && error.code === "disconnected", String(error));
      }
      const { reason, gaps, bytes } = await recorder.finished;
      assert.deepEqual([reason, gaps], ["disconnected", 1]);
      const recorded = readRecorded(path);
      assert.equal(recorded.file.length, bytes);
      await assertReceiptFits(recorded);
      const [gap] = recorded.receipt.gaps;
      assert.deepEqual([gap!.cause, gap!.droppedTransfers, gap!.droppedBytes], ["usb", 1, 0]);
      for (const times of await timesAround(recorded.file, recorded.receipt.start.headerBytes, gap!.at)) {
        assertComplete(times);
      }
      await assert.rejects(async () => {
        for await (const _ of device);
      }, { code: "disconnected" });
    }),
);

test(
  "a disk that hangs delays neither the loop nor the end of the device",
  { ...slow, skip: linuxOnly },
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "pipe");
      execFileSync("mkfifo", [path]);
      const reader = spawn("sh", ["-c", `exec sleep 1000 < ${path}`]);
      try {
        await configureVirtualBus([{ bytesPerSecond: 20e6 }]);
        const device = await open({ libusb: "virtual" });
        const recorder = await eventually("the pipe's reader", () => startWhenRead(device, path));
        for await (const _ of device) if (recorder.statistics.queuedBytes > 900_000) break;
        let bytes = 0;
        for await (const { status } of device) {
          assert.equal(status.droppedBytes, 0);
          bytes += status.bytes;
          if (bytes > 4e6) break;
        }
        const startMs = performance.now();
        device.close();
        const tookMs = performance.now() - startMs;
        assert.ok(tookMs < 2000, `${tookMs} ms`);
        assert.equal(device.statistics.droppedBytes, 0);
        const result = await recorder.finished;
        const { reason, error } = result;
        assert.deepEqual([reason, error?.code, error?.path, error?.offset], ["io", "io", path, result.bytes]);
      } finally {
        reader.kill("SIGKILL");
      }
    }),
);

/** A pipe without a reader is refused. */
function startWhenRead(device: Awaited<ReturnType<typeof open>>, path: string) {
  try {
    return device.recordTo(path, { force: true, bufferBytes: 1 << 20 });
  } catch (error) {
    assert.ok(error instanceof NeuromorphicError && error.code === "io", String(error));
    return undefined;
  }
}

test(
  "what a slow disk does not take is a gap, in its place",
  { ...slow, skip: linuxOnly },
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "pipe");
      const copy = join(folder, "copy.raw");
      const go = join(folder, "go");
      execFileSync("mkfifo", [path]);
      const reader = spawn("sh", [
        "-c",
        `exec 3< ${path}; while [ ! -e ${go} ]; do sleep 0.02; done; cat <&3 > ${copy}`,
      ]);
      const ended = once(reader, "exit");
      await configureVirtualBus([{ source: { kind: "sequence", intervalUs: 1 } }]);
      await using device = await open({ libusb: "virtual", raw: true });
      const recorder = await eventually("the pipe's reader", () => startWhenRead(device, path));
      const startBytes = device.statistics.bytes;
      await eventually("a full queue", () => device.statistics.bytes - startBytes > 3e6 || undefined);
      writeFileSync(go, "");
      await eventually("bytes behind the gap", () => recorder.statistics.gaps > 0 || undefined);
      const { droppedBytes, gaps, error } = await recorder.stop();
      assert.equal(error, undefined);
      await ended;
      const recorded = readRecorded(copy, receiptPathOf(path));
      await assertReceiptFits(recorded);
      assert.ok(droppedBytes > 500_000);
      assert.equal(gaps, recorded.receipt.gaps.length);
      const gap = recorded.receipt.gaps[0]!;
      assert.equal(gap.cause, "disk");
      const [before, behind] = await timesAround(recorded.file, recorded.receipt.start.headerBytes, gap.at);
      assert.equal(behind[0]! % 4096, 0);
      // An event of the sequence has 6 bytes and 1 µs.
      const missingUs = behind[0]! - before.at(-1)!;
      const lostUs = gap.droppedBytes / 6;
      assert.ok(Math.abs(missingUs - lostUs) < 4200, `${missingUs} µs for ${lostUs}`);
      assert.equal(device.statistics.droppedBytes, 0);
    }),
);

test(
  "a full disk ends the recording with a whole word, and nothing else",
  { ...slow, skip: linuxOnly },
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.raw");
      const limit = 1_025_001;
      const child = new URL("./full_disk_child.ts", import.meta.url);
      const { status, output } = await runChild(child, { parameters: [path, String(limit)] });
      assert.equal(status, 0, output);
      const { code, offset, reason, bytes } = JSON.parse(output);
      assert.deepEqual([code, reason, offset], ["no-space", "no-space", bytes]);
      const recorded = readRecorded(path);
      await assertReceiptFits(recorded);
      assert.equal(recorded.file.length, bytes);
      assert.equal(recorded.words.length % 2, 0);
      assert.ok(bytes <= limit && bytes > limit - 2);
      assert.equal(recorded.receipt.end?.reason, "no-space");
    }),
);

test(
  "a disk without any room keeps the receipt's end",
  { ...slow, skip: withoutMount() },
  () =>
    inFolder(async (folder) => {
      const disk = join(folder, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]);
      try {
        const path = join(disk, "a.raw");
        await configureVirtualBus([{ bytesPerSecond: 20e6 }]);
        await using device = await open({ libusb: "virtual" });
        const recorder = device.recordTo(path);
        const reserved = () => 512 * statSync(receiptPathOf(path)).blocks;
        assert.ok(reserved() >= 65_536, "room is kept for the receipt's end");
        const { reason, error, bytes } = await recorder.finished;
        assert.ok(reserved() < 65_536, "and given back");
        assert.equal(reason, "no-space");
        assert.equal(error?.code, "no-space");
        assert.equal(error?.path, path);
        const recorded = readRecorded(path);
        await assertReceiptFits(recorded);
        assert.equal(recorded.file.length, bytes);
        assert.equal(recorded.receipt.end?.reason, "no-space");
        for await (const { packet } of device) if (packet.polarityEvents !== undefined) break;
        await assert.rejects(record(device, join(disk, "b.raw")), { code: "no-space" });
      } finally {
        execFileSync("umount", [disk]);
      }
    }),
);

function withoutMount(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root mounts a small disk";
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/tmp"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "this system lets nothing be mounted";
  }
}

test("paths that cannot be written are refused before anything is", slow, () =>
  inFolder(async (folder) => {
    await using device = await open({ libusb: "virtual" });
    const refused = async (path: string, code: string, options = {}) => {
      const before = readdirSync(folder).sort();
      assert.throws(() => device.recordTo(path, options), { name: "NeuromorphicError", code });
      await assert.rejects(record(device, path, options), { name: "NeuromorphicError", code });
      assert.deepEqual(readdirSync(folder).sort(), before);
    };
    const path = join(folder, "there.raw");
    writeFileSync(path, "mine");
    await refused(path, "file-exists");
    const other = join(folder, "other.raw");
    writeFileSync(receiptPathOf(other), "mine");
    await refused(other, "file-exists");
    assert.ok(!existsSync(other));
    await refused(join(folder, "no", "a.raw"), "file-not-found");
    await refused(folder, "io", { force: true });
    if (process.platform !== "win32") await refused(folder, "io");
    assert.equal(readFileSync(path, "utf8"), "mine");
    await record(device, path, { force: true, bytes: 10_000 });
    await assertReceiptFits(readRecorded(path));
    for (const wrong of ["", "a\0b", "a.csv", join(folder, "a.HDF5"), new URL("https://example.org/a.raw")]) {
      assert.throws(() => device.recordTo(wrong), RangeError);
      await assert.rejects(record(device, wrong), RangeError);
    }
    assert.throws(() => device.recordTo(5 as never), /^TypeError: path must be a path or a file: URL, not 5$/);
    for (const url of [pathToFileURL(join(folder, "ürl 1.raw")), pathToFileURL(join(folder, "ürl 2.raw")).href]) {
      const { path } = await record(device, url, { bytes: 10_000 });
      assert.equal(path, fileURLToPath(url));
      assert.equal((await verifyRecording(url)).path, path);
      assert.equal((await repairReceipt(url)).path, path);
    }
    assert.throws(
      () => device.recordTo(path, { secnds: 1 } as object),
      /TypeError: recordTo has no option "secnds"; did you/,
    );
    await assert.rejects(record({} as typeof device, path), /TypeError: device must be what open\(\) returns/);
  }));

test("Deno's permission to write is asked for", {
  ...slow,
  skip: runtime === "deno" ? undefined : "only Deno has a sandbox",
}, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    const { output } = await runChild(new URL("./full_disk_child.ts", import.meta.url), {
      parameters: [path],
      denoPermissions: ["--allow-ffi", "--allow-read", "--allow-env"],
    });
    assert.ok(output.includes(`run Deno with --allow-write=${path},${receiptPathOf(path)}`), output);
    assert.ok(!existsSync(path));
  }));

test("a terminated Worker leaves a complete recording", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await configureVirtualBus([{ source: { kind: "sequence", intervalUs: 4 } }]);
    const worker = new Worker(new URL("./recording_worker.ts", import.meta.url), { workerData: { path } });
    await once(worker, "message");
    await worker.terminate();
    const recorded = await eventually("the receipt's end", () => {
      const now = readRecorded(path);
      return now.receipt.end === undefined ? undefined : now;
    });
    await assertReceiptFits(recorded);
    assert.equal(recorded.receipt.end?.reason, "closed");
    assertComplete((await timesAround(recorded.file, recorded.receipt.start.headerBytes, recorded.file.length))[0]);
    // Its sensor is stopped by the next opening.
    (await eventually("the camera's release", () => open({ libusb: "virtual" }).catch(() => undefined))).close();
  }));
