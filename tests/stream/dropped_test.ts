/** What the decoder of a device drops and follows stands in each status and in the device's statistics. */

import assert from "node:assert/strict";
import {
  configureVirtualBus,
  type Device,
  type NeuromorphicError,
  open,
  type Packet,
  type Status,
  type StreamStatistics,
  type VirtualFault,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { writeRecording } from "../support/recording.ts";
import { test } from "../support/test_on_bus.ts";

/** A round of 32 ms: every 4096 µs a TIME_HIGH, and then the words. */
function roundOf(...words: number[]): number[] {
  return Array.from({ length: 8 }, (_, step) => [0x8000 | step, 0x6010, ...words]).flat();
}

/** ADDR_X beyond 1280 columns, a VECT_12 beyond them, and a row beyond 720. */
const beyond = roundOf(0x0064, 0x2d00, 0x2fff, 0x3d00, 0x4fff, 0x02d0, 0x2005);
const beyondPerStep = 2 + 12 + 1;

/** A camera that sends these words again and again, in a hundredth of the time that they should take. */
async function cameraOf(words: readonly number[], faults: readonly VirtualFault[] = []): Promise<void> {
  const recording = writeRecording(words);
  const source = { kind: "recording", path: recording.path } as const;
  try {
    await configureVirtualBus([{ source, faults, bytesPerSecond: words.length * 2 / 0.032 * 100 }]);
  } finally {
    recording.remove();
  }
}

/** Sums of what statuses told. */
class Told {
  outOfSensor = 0;
  timeDiscontinuities = 0;
  events = 0;

  add({ outOfSensor, timeDiscontinuities }: Status, packet?: Packet): void {
    this.outOfSensor += outOfSensor;
    this.timeDiscontinuities += timeDiscontinuities;
    this.events += packet?.polarityEvents?.t.length ?? 0;
  }

  /** They are the decoder's totals. */
  check({ decoder }: StreamStatistics): void {
    assert.deepEqual({ ...this }, {
      outOfSensor: decoder!.outOfSensor,
      timeDiscontinuities: decoder!.timeDiscontinuities,
      events: decoder!.polarityEvents,
    });
  }
}

/** Reads at least this many bytes. */
async function readSome(device: Device, told: Told, length = 50_000): Promise<Status> {
  let bytes = 0;
  for await (const { status, packet } of device) {
    told.add(status, packet as Packet);
    bytes += status.bytes;
    if (bytes >= length) return status;
  }
  throw new Error("the loop ended");
}

test("a camera that sends only words beyond the sensor does not look healthy", async () => {
  await cameraOf(beyond);
  await using device = await open({ libusb: "virtual" });
  const told = new Told();
  await readSome(device, told);
  told.check(device.statistics);
  assert.ok(told.outOfSensor > 1000);
  assert.equal(told.events, 0);
  assert.equal(told.timeDiscontinuities, 0);
  const { decoder } = device.statistics;
  const steps = decoder!.wordsByKind.timeHigh;
  assert.ok(Math.abs(told.outOfSensor - steps * beyondPerStep) <= beyondPerStep, `${told.outOfSensor}, ${steps} steps`);
  device.close();
  assert.deepEqual(device.statistics.decoder, decoder, "those of the end stay");
});

test("a camera that works drops nothing", async () => {
  await configureVirtualBus([{}]);
  await using device = await open({ libusb: "virtual" });
  const told = new Told();
  await readSome(device, told, 1_000_000);
  told.check(device.statistics);
  assert.ok(told.events > 0);
  assert.deepEqual([told.outOfSensor, told.timeDiscontinuities], [0, 0]);
});

test("jumps of the sensor's time are counted, each once", async () => {
  // After 32 ms as many again are left out: a jump in each round of the recording.
  await cameraOf([
    ...roundOf(0x0064, 0x2805),
    ...roundOf(0x0064, 0x2805).map((word) => word >> 12 === 8 ? word + 16 : word),
  ]);
  await using device = await open({ libusb: "virtual" });
  const told = new Told();
  await readSome(device, told);
  told.check(device.statistics);
  assert.ok(told.timeDiscontinuities > 20);
  const rounds = device.statistics.decoder!.wordsByKind.timeHigh / 16;
  assert.ok(Math.abs(told.timeDiscontinuities - rounds) <= 1, `${told.timeDiscontinuities} in ${rounds} rounds`);
});

test("what the rate controller tells stands in each status from then on", async () => {
  const told = [0xe014, 0xf00a, 0xf001, 0x7000, 0xe016, 0xf009, 0xf001, 0x7000];
  await cameraOf(roundOf(0x0064, 0x2805, ...told));
  await using device = await open({ libusb: "virtual" });
  const expected = { input: 0x100a, output: 0x1009 };
  const status = await readSome(device, new Told());
  assert.deepEqual(status.rateController, expected);
  const { rateControllerInput: input, rateControllerOutput: output } = device.statistics.decoder!;
  assert.deepEqual({ input, output }, expected);
});

test("what is thrown away unread is looked at, too", async () => {
  await cameraOf(beyond);
  await using device = await open({ libusb: "virtual" });
  const told = new Told();
  await eventually("a backlog", () => device.statistics.backlog >= 10 || undefined);
  const status = device.clearBacklog();
  assert.ok(status.outOfSensor > 0);
  told.add(status);
  await readSome(device, told);
  told.check(device.statistics);
});

test("of a camera that was unplugged the totals are those of the end", async () => {
  await cameraOf(beyond, [{ kind: "unplug", endpoint: 0x81, after: 20 }]);
  await using device = await open({ libusb: "virtual" });
  const told = new Told();
  await assert.rejects(
    async () => {
      for await (const { status, packet } of device) told.add(status, packet);
    },
    (error: NeuromorphicError) => error.code === "disconnected",
  );
  assert.ok(told.outOfSensor > 0);
  told.check(device.statistics);
});

test("in raw mode nothing is decoded, and nothing is said of it", async () => {
  await cameraOf(beyond);
  await using device = await open({ libusb: "virtual", raw: true });
  for await (const { status } of device) {
    assert.deepEqual([status.outOfSensor, status.timeDiscontinuities, status.rateController], [0, 0, undefined]);
    break;
  }
  assert.equal(device.statistics.decoder, undefined);
});
