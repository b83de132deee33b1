/** The time of a virtual camera in a page: transfers end at the model's times, and what is late is lost and counted. */

import assert from "node:assert/strict";
import { propheseeEvk4 as driver } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { run } from "../../../src/protocol/run.ts";
import { skippedSettling } from "../../../src/web/page_settling.ts";
import { UsbHandle } from "../../../src/web/usb_handle.ts";
import type { VirtualWebOptions } from "../../../src/web/virtual/options.ts";
import type { UsbDevice } from "../../../src/web/usb_types.ts";
import type { VirtualCameraDescription } from "../../../src/virtual/description.ts";
import { createVirtualUsbWith } from "../../../src/web/virtual/virtual_usb.ts";
import { slow, test } from "../../support/test.ts";
import { virtualCameraModule } from "./testing/module.ts";
import { TestClock } from "./testing/test_clock.ts";

interface Opened {
  readonly clock: TestClock;
  readonly device: UsbDevice;
  readonly handle: UsbHandle;
  /** What the transfers that have ended brought. */
  readonly came: Uint8Array[];
  /** Queues transfers of events. */
  readonly queue: (count: number, length: number) => void;
  readonly account: () => VirtualCameraDescription;
}

/** A camera whose sensor's time has just begun. */
async function opened(camera: VirtualWebOptions): Promise<Opened> {
  const clock = new TestClock();
  const usb = await createVirtualUsbWith(camera, virtualCameraModule, clock);
  const device = (await usb.getDevices())[0]!;
  const handle = await UsbHandle.open(device, "test");
  await handle.claimInterface(0);
  await run(driver.open(driver.checkConfiguration({ packetPeriodUs: 1_008 })), {
    bus: handle,
    settling: skippedSettling,
  });
  const came: Uint8Array[] = [];
  const queue = (count: number, length: number) => {
    for (let index = 0; index < count; index++) {
      device.transferIn(1, length).then(({ data }) => came.push(new Uint8Array(data!.buffer)), () => {});
    }
  };
  // Gives up a read of events that the opening has left in the queue.
  handle.takeLate(0x81);
  await device.releaseInterface(0);
  await device.claimInterface(0);
  return { clock, device, handle, came, queue, account: () => usb.describe()[0]! };
}

/** The command that asks for the firmware's version. */
const versionCommand = new Uint8Array([0x79, 0, 0, 0, 0, 0, 0, 0]);

const bytesIn = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0);

/** The numbers of the pattern. */
const numbersIn = (pieces: readonly Uint8Array[]) =>
  pieces.flatMap((piece) => Array.from(new BigUint64Array(piece.buffer), Number));

test("the sensor's bytes come at its rate, in transfers that end after the packet period", slow, async () => {
  const { clock, came, queue, account } = await opened({ source: { kind: "pattern" }, bytesPerSecond: 1_000_000 });
  queue(40, 128 << 10);
  await clock.pass(10);
  const [after10ms, transfers] = [bytesIn(came), came.length];
  assert.ok(after10ms >= 8_000 && after10ms <= 10_000, `${after10ms} bytes`);
  assert.ok(transfers >= 8 && transfers < 10, `${transfers} transfers`);
  await clock.pass(10);
  assert.ok(bytesIn(came) >= 18_000 && bytesIn(came) <= 20_000, `${bytesIn(came)} bytes`);
  assert.deepEqual(numbersIn(came), Array.from({ length: bytesIn(came) / 8 }, (_, number) => number));
  assert.equal(account().bytesEmitted, bytesIn(came));
  assert.equal(account().bytesLostInCamera, 0);
});

test("late timers catch up: what the queued transfers and the FIFO hold is not lost", slow, async () => {
  const { clock, came, queue, account } = await opened({ source: { kind: "pattern" }, bytesPerSecond: 10_000_000 });
  queue(8, 128 << 10);
  await clock.jump(120); // 1.2 MB, where 1 MiB and the FIFO have room
  assert.equal(bytesIn(came), 1 << 20);
  queue(32, 128 << 10);
  await clock.pass(10);
  const numbers = numbersIn(came);
  assert.deepEqual(numbers, Array.from({ length: numbers.length }, (_, number) => number));
  assert.ok(bytesIn(came) >= 1_290_000, `${bytesIn(came)} bytes`);
  assert.equal(account().bytesLostInCamera, 0);
});

test("what exceeds the queued transfers and the FIFO of 10 ms is lost in the camera and counted", slow, async () => {
  const rate = 100_000_000;
  const { clock, came, queue, account } = await opened({ source: { kind: "pattern" }, bytesPerSecond: rate });
  queue(4, 128 << 10);
  await clock.jump(100);
  const room = 4 * (128 << 10);
  const fifo = rate / 100;
  const lost = rate / 10 - room - fifo;
  assert.equal(account().bytesLostInCamera, lost);
  assert.equal(account().bytesEmitted, room);
  // The oldest bytes are lost.
  const numbers = numbersIn(came);
  assert.deepEqual([numbers[0], numbers.length], [lost / 8, room / 8]);
  queue(8, 128 << 10);
  await clock.pass(1);
  const next = numbersIn(came.slice(4));
  assert.equal(next[0], (lost + room) / 8, "it goes on where it was");
});

test("without queued transfers nothing wakes the page, and the FIFO's bytes are there later", slow, async () => {
  const { clock, came, queue, account } = await opened({ source: { kind: "pattern" }, bytesPerSecond: 1_000_000 });
  await clock.pass(200);
  assert.equal(bytesIn(came), 0);
  queue(3, 128 << 10);
  await clock.pass(2);
  assert.ok(bytesIn(came) >= 200_000 && bytesIn(came) <= 202_000, `${bytesIn(came)} bytes`);
  assert.equal(account().bytesLostInCamera, 0);
});

test(
  "bytes that a closed device did not fetch are lost in the camera, and a new session streams again",
  slow,
  async () => {
    const { clock, device, came, queue } = await opened({ source: { kind: "pattern" }, bytesPerSecond: 1_000_000 });
    queue(4, 1 << 10);
    await device.close();
    await clock.pass(5_000);
    const before = came.length;
    await device.open();
    await device.claimInterface(0);
    queue(600, 1 << 10);
    await clock.pass(10);
    const numbers = numbersIn(came.slice(before));
    assert.ok(numbers.length > 60_000, "the FIFO and what came meanwhile");
    assert.ok(numbers[0]! > 4_000_000 / 8, "the oldest are lost");
    assert.deepEqual(numbers, numbers.map((_, index) => numbers[0]! + index));
  },
);

test("a secondary camera of the bus begins when its primary does", slow, async () => {
  const clock = new TestClock();
  const source = { kind: "sequence", intervalUs: 4 } as const;
  const usb = await createVirtualUsbWith([{ source }, { source }], virtualCameraModule, clock);
  const open = async (device: UsbDevice, configuration: object) => {
    const handle = await UsbHandle.open(device, "test");
    await handle.claimInterface(0);
    await run(driver.open(driver.checkConfiguration(configuration)), { bus: handle, settling: skippedSettling });
    void handle.takeLate(0x81);
    void device.transferIn(1, 128 << 10).catch(() => {});
  };
  const [secondary, primary] = await usb.getDevices();
  await open(secondary!, { clock: "external" });
  await clock.pass(20);
  assert.deepEqual(usb.describe().map(({ streaming }) => streaming), [false, false]);
  await open(primary!, { clock: "internal-with-output" });
  await clock.pass(20);
  assert.deepEqual(usb.describe().map(({ streaming }) => streaming), [true, true]);
});

test("a reply that is late comes at its time", slow, async () => {
  const clock = new TestClock();
  const faults = [{ kind: "delay", endpoint: 0x82, delayMs: 50 }] as const;
  const [device] = await (await createVirtualUsbWith({ faults }, virtualCameraModule, clock)).getDevices();
  await device!.open();
  await device!.claimInterface(0);
  let answered = false;
  const reply = device!.transferIn(2, 1024).then(() => answered = true);
  await device!.transferOut(2, versionCommand);
  await clock.pass(49);
  assert.equal(answered, false);
  await clock.pass(2);
  await reply;
});

test("a request whose predecessor's reply was not read waits for it", slow, async () => {
  const { device, clock } = await opened({ source: { kind: "pattern" }, bytesPerSecond: 1_000_000 });
  const request = () => device.transferOut(2, versionCommand);
  await request();
  let taken = false;
  const second = request().then(() => taken = true);
  await clock.pass(100);
  assert.equal(taken, false);
  const replies = [device.transferIn(2, 1024), device.transferIn(2, 1024)];
  await second;
  assert.deepEqual((await Promise.all(replies)).map(({ data }) => data!.byteLength), [12, 12]);
});
