/** What a recorder writes, compared with what the virtual camera sends. */

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import {
  type AnyPacket,
  type CommonOpenOptions,
  configureVirtualBus,
  createDecoder,
  type Device,
  open,
  record,
  type VirtualCameraOptions,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { PatternReader } from "../support/pattern.ts";
import { assertReceiptFits, readRecorded } from "../support/recorded.ts";
import { inFolder } from "../support/temporary_folder.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";

type Evk4 = Device<"prophesee-evk4", AnyPacket | undefined>;

async function openWith(camera: VirtualCameraOptions, options: CommonOpenOptions = {}): Promise<Evk4> {
  await configureVirtualBus([camera]);
  return await open({ ...options, libusb: "virtual", type: "prophesee-evk4" });
}

/** Slow enough to lose nothing in the camera on a busy machine. */
const sequence: VirtualCameraOptions = { source: { kind: "sequence", intervalUs: 4 } };

/** Times of all events of a file, without its receipt, as any other reader has them. */
async function timesOf(words: Uint8Array): Promise<number[]> {
  const times: number[] = [];
  using decoder = await createDecoder({ format: "evt3", width: 1280, height: 720 });
  for (const { polarityEvents } of decoder.decode(words)) times.push(...polarityEvents?.t ?? []);
  return times;
}

/** Where events are missing: the index of the first one behind, and how much later it is. */
function jumpsIn(times: readonly number[], intervalUs: number): { index: number; us: number }[] {
  return times.flatMap((t, index) => {
    const us = index === 0 ? intervalUs : t - times[index - 1]!;
    return us === intervalUs ? [] : [{ index, us }];
  });
}

test("a recording beside a loop has each event, and its receipt tells so", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await using device = await openWith(sequence);
    const recorder = device.recordTo(path);
    let seen = 0;
    for await (const { packet } of device) {
      assert.ok(packet !== undefined && !(packet instanceof Uint8Array));
      seen += packet.polarityEvents?.t.length ?? 0;
      if (recorder.statistics.bytes > 900_000) break;
    }
    const result = await recorder.stop();
    assert.equal(result.reason, "stopped");
    assert.equal(await recorder.finished, result);
    assert.deepEqual(recorder.statistics, result);
    const recorded = readRecorded(path);
    await assertReceiptFits(recorded);
    const times = await timesOf(recorded.words);
    assert.equal(times.length, result.polarityEvents);
    assert.deepEqual(jumpsIn(times, 4), []);
    assert.ok(seen > 0);
    assert.equal(result.bytes, recorded.file.length);
    assert.equal(result.droppedBytes, 0);
    assert.equal(result.currentTime, times.at(-1));
    assert.equal(recorded.receipt.end?.reason, "stopped");
  }));

test("a recording has what the ring had no room for, where no program reads", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    const camera: VirtualCameraOptions = { source: { kind: "pattern" }, bytesPerSecond: 20e6 };
    await using device = await openWith(camera, { raw: true, usbConfiguration: { ringLength: 33 } });
    await using recorder = device.recordTo(path);
    const before = device.statistics.droppedBytes;
    await eventually("a full ring", () => device.statistics.droppedBytes - before > 8e6 || undefined);
    const { droppedBytes, bytes, skippedBytes } = await recorder.stop();
    assert.equal(droppedBytes, 0);
    assert.ok(bytes + skippedBytes > 8e6, `${bytes} + ${skippedBytes}`);
    // Where the words of the pattern begin to have a time, a row and a base, none is left out any more.
    const { words } = readRecorded(path);
    const reader = new PatternReader();
    const settled = 2 << 20;
    const numbers = words.slice(alignmentOf(words, settled));
    reader.take(numbers.subarray(0, numbers.length - numbers.length % 8), []);
    assert.equal(reader.unmarked, 0);
  }));

/** The first place from a position on at which a number of the pattern begins: its upper half is 0. */
function alignmentOf(words: Uint8Array, position: number): number {
  for (let at = position;; at++) {
    if ([4, 5, 6, 7, 12, 13, 14, 15].every((offset) => words[at + offset] === 0) && words[at] !== 0) return at;
  }
}

test(
  "`record` needs no loop, ends by time, and leaves the device to the next loop",
  slow,
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.raw");
      await using device = await openWith(sequence);
      const result = await record(device, path, { seconds: 0.3 });
      assert.equal(result.reason, "time");
      assert.ok(result.seconds >= 0.3);
      const recorded = readRecorded(path);
      await assertReceiptFits(recorded);
      assert.deepEqual(jumpsIn(await timesOf(recorded.words), 4), []);
      for await (const { packet } of device) {
        assert.ok(packet !== undefined && !(packet instanceof Uint8Array));
        if (packet.polarityEvents === undefined) continue;
        // The next loop decodes what comes then, at its time.
        const t = packet.polarityEvents.t[0]!;
        assert.ok(t >= result.currentTime! && t < result.currentTime! + 60e6, `${t} after ${result.currentTime}`);
        break;
      }
    }),
);

/** Loops until there are so many events; their times. */
async function read(device: Evk4, count: number): Promise<number[]> {
  const times: number[] = [];
  for await (const { packet } of device) {
    assert.ok(packet !== undefined && !(packet instanceof Uint8Array));
    times.push(...packet.polarityEvents?.t ?? []);
    if (times.length >= count) break;
  }
  return times;
}

test(
  "`record` takes nothing from a loop that begins while it goes on, nor from the loops after that",
  slow,
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.raw");
      await using device = await openWith(sequence);
      const recording = record(device, path, { bytes: 2_000_000 });
      await eventually("some bytes", () => statSync(path, { throwIfNoEntry: false })?.size || undefined);
      const times = [...await read(device, 1000), ...await read(device, 1000)];
      const { bytes, reason } = await recording;
      times.push(...await read(device, 1000));
      assert.deepEqual(jumpsIn(times, 4), []);
      const recorded = readRecorded(path);
      assert.deepEqual([reason, recorded.file.length], ["size", bytes]);
      await assertReceiptFits(recorded);
      const recordedTimes = await timesOf(recorded.words);
      assert.deepEqual(jumpsIn(recordedTimes, 4), []);
      assert.ok(recordedTimes.includes(times[0]!), "the loop began while it was recorded");
    }),
);

test(
  "`record` beside a running loop takes nothing from it, and two recordings at once need no loop",
  slow,
  () =>
    inFolder(async (folder) => {
      const paths = ["a.raw", "b.raw", "c.raw"].map((name) => join(folder, name));
      await using device = await openWith(sequence);
      const times = await read(device, 1000);
      const iterator = device[Symbol.asyncIterator]();
      const next = async () => {
        const { packet } = (await iterator.next()).value!;
        assert.ok(packet !== undefined && !(packet instanceof Uint8Array));
        times.push(...packet.polarityEvents?.t ?? []);
      };
      await next();
      const beside = record(device, paths[0]!, { seconds: 0.1 });
      let ended = false;
      beside.finally(() => ended = true);
      while (!ended) await next();
      await beside;
      await next();
      assert.deepEqual(jumpsIn(times, 4), []);
      await iterator.return?.();
      const results = await Promise.all([
        record(device, paths[1]!, { seconds: 0.1 }),
        record(device, paths[2]!, { seconds: 0.2 }),
      ]);
      assert.deepEqual(results.map(({ reason }) => reason), ["time", "time"]);
      const [first] = await read(device, 1);
      assert.ok(first! >= results[1].currentTime!, `${first} is after ${results[1].currentTime}`);
      for (const path of paths) {
        const recorded = readRecorded(path);
        await assertReceiptFits(recorded);
        assert.deepEqual(jumpsIn(await timesOf(recorded.words), 4), []);
      }
    }),
);

test("`record` a while after a loop: the next loop's times tell of all of it", slow, () =>
  inFolder(async (folder) => {
    await using device = await openWith(sequence);
    const [before] = (await read(device, 1000)).slice(-1);
    // The counter of EVT3 wraps each 16.8 s: two wraps of the host's clock, before the recording begins.
    const twoWrapsUs = 2 * 2 ** 24;
    const now = performance.now.bind(performance);
    performance.now = () => now() + twoWrapsUs / 1000;
    try {
      await record(device, join(folder, "a.raw"), { seconds: 0.1 });
      const [after] = await read(device, 1);
      const us = after! - before!;
      assert.ok(us > twoWrapsUs && us < twoWrapsUs + 2 ** 23, `${us} µs`);
    } finally {
      performance.now = now;
    }
  }));

test("a recording that is refused takes nothing from the next loop", slow, () =>
  inFolder(async (folder) => {
    await using device = await openWith(sequence);
    const times: number[] = [];
    const readUntil = async (count: number) => {
      for await (const { packet } of device) {
        assert.ok(packet !== undefined && !(packet instanceof Uint8Array));
        times.push(...packet.polarityEvents?.t ?? []);
        if (times.length >= count) break;
      }
    };
    await readUntil(1000);
    await assert.rejects(record(device, join(folder, "no", "a.raw")), { code: "file-not-found" });
    await readUntil(times.length + 1000);
    assert.deepEqual(jumpsIn(times, 4), []);
  }));

test("a recording ends by its size, below it and with a whole word", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await using device = await openWith(sequence);
    const { reason, bytes } = await record(device, path, { bytes: 300_001 });
    const recorded = readRecorded(path);
    assert.deepEqual([reason, recorded.file.length], ["size", bytes]);
    assert.equal(recorded.words.length, 300_001 - recorded.receipt.start.headerBytes & ~1);
    await assertReceiptFits(recorded);
  }));

test(
  "an aborted signal ends a recording quietly; one that is aborted already begins none",
  slow,
  () =>
    inFolder(async (folder) => {
      await using device = await openWith(sequence);
      const controller = new AbortController();
      const path = join(folder, "a.raw");
      const recording = record(device, path, { signal: controller.signal });
      await eventually("some bytes", () => statSync(path, { throwIfNoEntry: false })?.size || undefined);
      controller.abort(new Error("enough"));
      assert.equal((await recording).reason, "signal");
      await assertReceiptFits(readRecorded(path));
      const other = join(folder, "b.raw");
      await assert.rejects(record(device, other, { signal: controller.signal }), /enough/);
      assert.equal(statSync(other, { throwIfNoEntry: false }), undefined);
    }),
);

test("closing the device ends its recorders, with all that was received", slow, () =>
  inFolder(async (folder) => {
    const paths = [join(folder, "a.raw"), join(folder, "b.raw")] as const;
    const device = await openWith(sequence);
    const recorders = paths.map((path) => device.recordTo(path));
    await eventually("events", () => recorders[1]!.statistics.bytes > 6000 || undefined);
    device.close();
    for (const [index, recorder] of recorders.entries()) {
      assert.equal(recorder.statistics.reason, "closed");
      const { bytes, skippedBytes } = recorder.statistics;
      const recorded = readRecorded(paths[index]!);
      assert.equal(recorded.file.length, bytes);
      await assertReceiptFits(recorded);
      assert.ok(bytes - recorded.receipt.start.headerBytes + skippedBytes <= device.statistics.bytes);
      assert.equal((await recorder.stop()).reason, "closed");
    }
    // Both end with the same words.
    const [first, second] = paths.map((path) => readRecorded(path).words.slice(-1000));
    assert.deepEqual(first, second);
    assert.throws(() => device.recordTo(join(folder, "c.raw")), { code: "closed" });
  }));

test("a device in raw mode is recorded as any other", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await using device = await openWith(sequence, { raw: true });
    await record(device, path, { bytes: 100_000 });
    const recorded = readRecorded(path);
    await assertReceiptFits(recorded);
    assert.deepEqual(jumpsIn(await timesOf(recorded.words), 4), []);
  }));

test("the header says what the camera is, and the receipt its configuration", slow, () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.raw");
    await configureVirtualBus([{ model: "silkyevcam-hd", serial: "50ABC" }]);
    await using device = await open({
      libusb: "virtual",
      type: "prophesee-evk4",
      configuration: { eventFormat: "evt2.1", yMask: "0-9" },
    });
    await record(device, path, { seconds: 0.05 });
    const { file, receipt } = readRecorded(path);
    const header = new TextDecoder().decode(file.subarray(0, receipt.start.headerBytes));
    assert.deepEqual(header.replace(/date .*/, "date D").split("\n"), [
      "% camera_integrator_name CenturyArks",
      "% date D",
      "% evt 2.1",
      "% firmware_version 3.9.0",
      "% format EVT21;endianness=legacy;height=720;width=1280",
      "% geometry 1280x720",
      "% plugin_integrator_name Prophesee",
      "% plugin_name hal_plugin_prophesee",
      "% sensor_generation 4.2",
      "% sensor_name IMX636",
      "% serial_number 00050abc",
      "% system_ID 49",
      "% end",
      "",
    ]);
    const { camera, format } = receipt.start;
    assert.equal(format, "evt21-legacy");
    assert.equal(camera.serial, "00050ABC");
    assert.equal((camera.configuration as { yMask: string }).yMask, "0-9");
  }));
