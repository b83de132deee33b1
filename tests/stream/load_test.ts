/** More than the program can take, for longer than it can wait: what is lost is known to the byte and the event. */

import assert from "node:assert/strict";
import process from "node:process";
import { Worker } from "node:worker_threads";
import {
  type CameraType,
  configureVirtualBus,
  describeVirtualBus,
  type Device,
  open,
  type OpenOptions,
  type Packet,
  type UsbConfiguration,
} from "../../mod.ts";
import { differences, emptyAccount } from "../support/account.ts";
import { PatternReader } from "../support/pattern.ts";
import { SequenceReader } from "../support/sequence.ts";
import { runtime, slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import type { PostedBatch, WorkerResult } from "./load_worker.ts";

/** Of the ring in these tests: 12.5 MiB. */
const smallRing: Partial<UsbConfiguration> = { ringLength: 100 };

/** As fast as it is fetched: then the camera itself loses nothing, however slow the machine is. */
const fullRate = 0;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Closes the device; fails unless each byte that the cameras emitted since is where the library says. */
async function assertAccount(
  device: Device<CameraType, Packet> | Device<CameraType, Uint8Array>,
  read: { readonly read: number; readonly dropped: number },
): Promise<void> {
  device.close();
  const { bytes, droppedBytes, backlogBytes } = device.statistics;
  const account = { ...emptyAccount(), delivered: read.read, droppedInStatuses: read.dropped };
  Object.assign(account, { received: bytes, dropped: droppedBytes, leftUnread: backlogBytes });
  const { cameras } = await describeVirtualBus();
  const camera = cameras.find(({ serial }) => serial === device.serial)!;
  account.emitted = camera.bytesEmitted;
  account.lostInCamera = camera.bytesLostInCamera;
  assert.deepEqual(differences(account), []);
}

const sleepSeconds = runtime === "deno" ? 5 : 1; // once is enough for the long time

test(
  `a consumer that sleeps ${sleepSeconds} s at 400 MB/s: memory stays, the account is exact, then the stream is clean`,
  slow,
  async () => {
    await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 400e6 }]);
    await using device = await open({ libusb: "virtual", raw: true, usbConfiguration: { ringLength: 256 } });
    const reader = new PatternReader();
    let slept = false;
    let clean = 0;
    for await (const { status, packet } of device) {
      reader.take(packet, status.gaps);
      clean = status.gaps.length === 0 ? clean + packet.length : 0;
      if (!slept && reader.read > 8 << 20) {
        const before = process.memoryUsage.rss();
        await sleep(1000 * sleepSeconds);
        const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
        assert.ok(grownMiB < 32 + 64, `resident memory grew by ${grownMiB.toFixed(0)} MiB, the ring has 32`);
        const { slots, slotsCommitted, backlog, droppedBytes } = device.statistics;
        assert.ok(slotsCommitted <= slots && backlog <= 256 && droppedBytes > 32 << 20);
        slept = true;
        clean = 0;
      }
      if (slept && reader.marked > 0 && clean > 32 << 20) break;
    }
    await assertAccount(device, { read: reader.read, dropped: reader.marked });
    const { cameras: [camera] } = await describeVirtualBus();
    assert.ok(reader.unmarked <= camera!.bytesLostInCamera, "what is missing without a mark was lost in the camera");
  },
);

/** Reads the sequence; something happens each time that this many packets were read. */
async function readSequence(
  device: Device<CameraType, Packet>,
  reader: SequenceReader,
  disturb: () => void | Promise<void>,
): Promise<void> {
  let packets = 0;
  for await (const { status, packet } of device) {
    reader.take(status, packet.polarityEvents);
    packets += 1;
    if (packets % 10 === 0) await disturb();
    if (packets >= 60 && reader.gaps >= 3) break;
  }
}

const disturbances: readonly [string, () => void | Promise<void>][] = [
  ["a consumer that pauses", () => sleep(100)],
  ["a blocked event loop", () => block(100)],
];

for (const [name, disturb] of disturbances) {
  test(`${name}: every gap is before the right event, and every event is where it belongs`, slow, async () => {
    await configureVirtualBus([{ source: { kind: "sequence" }, bytesPerSecond: fullRate }]);
    await using device = await open({ libusb: "virtual", usbConfiguration: smallRing });
    const reader = new SequenceReader(1);
    await readSequence(device, reader, disturb);
    await assertAccount(device, reader);
  });
}

test("in real time, t after a gap is the sensor's", slow, async () => {
  await using device = await openSequence({ usbConfiguration: { ringLength: 80, transferQueueLength: 64 } });
  let last: number | undefined;
  let lost: number[] = [];
  let losses = 0;
  for await (const { status, packet } of device) {
    const t = packet.polarityEvents?.t ?? new Float64Array(0);
    const gaps = [...status.gaps];
    for (let index = 0; index < t.length; index++) {
      while (gaps[0]?.polarityEventIndex === index) lost.push(gaps.shift()!.droppedBytes);
      const missingUs = t[index]! - (last ?? t[index]! - 1) - 1;
      last = t[index]!;
      if (missingUs === 0) continue;
      // Six bytes each µs; after a gap the decoder waits for the next TIME_HIGH, which comes every 4096 µs.
      const lostUs = lost.reduce((sum, bytes) => sum + bytes, 0) / 6;
      const told = `${missingUs} µs are missing for gaps of ${lost} bytes`;
      assert.ok(missingUs > lostUs * 0.999 - 10 && missingUs < lostUs + 4096 * lost.length + 10, told);
      lost = [];
      losses += 1;
    }
    lost.push(...gaps.map(({ droppedBytes }) => droppedBytes));
    if (losses >= 2) break;
    if (status.backlog < 2) await sleep(500);
  }
});

async function openSequence(options: OpenOptions): Promise<Device<CameraType, Packet>> {
  await configureVirtualBus([{ source: { kind: "sequence" } }]);
  return await open({ ...options, libusb: "virtual" }) as Device<CameraType, Packet>;
}

test("four cameras at once: each has its own sequence and its own account", slow, async () => {
  await configureVirtualBus([1, 2, 3, 4].map((number) => {
    const source = number % 2 === 0 ? { kind: "sequence" } as const : { kind: "pattern" } as const;
    return { serial: String(number), source, bytesPerSecond: fullRate };
  }));
  await Promise.all([1, 2, 3, 4].map(async (number) => {
    const options = {
      libusb: "virtual",
      serial: String(number).padStart(8, "0"),
      usbConfiguration: smallRing,
    } as const;
    if (number % 2 === 0) {
      await using device = await open(options);
      const reader = new SequenceReader(1);
      await readSequence(device, reader, () => sleep(20));
      return await assertAccount(device, reader);
    }
    await using device = await open({ ...options, raw: true });
    const reader = new PatternReader();
    for await (const { status, packet } of device) {
      reader.take(packet, status.gaps);
      if (reader.read > 100e6 && reader.gaps >= 3) break;
    }
    assert.equal(reader.unmarked, 0);
    await assertAccount(device, { read: reader.read, dropped: reader.marked });
  }));
});

/** A Worker of `load_worker.ts`. */
class CheckingWorker {
  readonly worker: Worker;
  readonly result: Promise<WorkerResult>;
  /** Batches that it has taken, and one when it is ready. */
  taken = 0;

  constructor(data: object) {
    this.worker = new Worker(new URL("./load_worker.ts", import.meta.url), { workerData: data });
    this.result = new Promise((resolve, reject) => {
      this.worker.on("message", (message: WorkerResult | "taken") => {
        if (message === "taken") this.taken += 1;
        else resolve(message);
      });
      this.worker.on("error", reject);
    });
    this.result.catch(() => {}); // waiting code is told
  }

  /** Its account, after which it is gone. */
  async end(): Promise<Omit<WorkerResult, "failure">> {
    const { failure, ...read } = await this.result;
    await this.worker.terminate();
    assert.equal(failure, undefined);
    return read;
  }
}

test("packets moved to a Worker are complete there, and the loop goes on with another buffer", slow, async () => {
  await configureVirtualBus([{ source: { kind: "sequence" }, bytesPerSecond: fullRate }]);
  await using device = await open({ libusb: "virtual", usbConfiguration: smallRing, iteratorMaximumRawPackets: 4 });
  const checking = new CheckingWorker({ intervalUs: 1 });
  let posted = 0;
  for await (const { status: { bytes, gaps }, packet } of device) {
    const batch: PostedBatch = { batch: { bytes, gaps }, events: packet.polarityEvents };
    checking.worker.postMessage(batch, [packet.buffer]);
    assert.equal(packet.buffer.byteLength, 0, "moved, not copied");
    posted += 1;
    if (posted === 40) break;
    while (posted > checking.taken + 8) await Promise.race([sleep(5), checking.result]);
  }
  checking.worker.postMessage("end");
  const read = await checking.end();
  assert.ok(read.events > 0);
  await assertAccount(device, read);
});

test("a camera opened inside a Worker", slow, async () => {
  const serial = "0000000A";
  await configureVirtualBus([{ serial, source: { kind: "sequence" }, bytesPerSecond: fullRate }]);
  const { events } = await new CheckingWorker({ intervalUs: 1, serial, events: 5e6 }).end();
  assert.ok(events >= 5e6);
});

test("24 hours of the sensor's time: t is exact to the µs across 5,149 wraps", slow, async () => {
  const intervalUs = 4096;
  const dayUs = 24 * 3600e6;
  await configureVirtualBus([{ source: { kind: "sequence", intervalUs }, bytesPerSecond: fullRate }]);
  // A day has 169 MB: the ring holds all of it, so nothing of it is dropped on a machine of any speed.
  await using device = await open({ libusb: "virtual", usbConfiguration: { ringLength: 1400 } });
  const reader = new SequenceReader(intervalUs);
  for await (const { status, packet } of device) {
    reader.take(status, packet.polarityEvents);
    if (reader.time >= dayUs) break;
  }
  assert.equal(reader.gaps, 0);
  assert.equal(reader.time, (reader.events - 1) * intervalUs);
  assert.equal(Math.floor(dayUs / 2 ** 24), 5149);
  await assertAccount(device, reader);
});
