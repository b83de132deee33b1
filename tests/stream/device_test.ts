/** Devices from end to end, on the virtual camera. */

import assert from "node:assert/strict";
import {
  type CameraType,
  configureVirtualBus,
  describeVirtualBus,
  type Device,
  NeuromorphicError,
  open,
  type Packet,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { takenFromRegistries } from "../support/forgetting.ts";
import { assertNothingLeft } from "../support/virtual.ts";
import { test } from "../support/test_on_bus.ts";

const virtual = { libusb: "virtual" } as const;

/** Iterates until enough events came. */
async function collect(device: Device<CameraType, Packet>, count: number): Promise<number> {
  let events = 0;
  let time = 0;
  for await (const { status, packet } of device) {
    const { polarityEvents } = packet;
    assert.equal(status.droppedBytes, 0);
    if (polarityEvents === undefined) continue;
    const { t, x, y, on } = polarityEvents;
    for (let i = 0; i < t.length; i++) {
      assert.ok(t[i]! >= time && x[i]! < 1280 && y[i]! < 720 && on[i]! <= 1, `event ${events + i}`);
      time = t[i]!;
    }
    events += t.length;
    if (events >= count) break;
  }
  return events;
}

test("for await: events in order, inside the sensor", async () => {
  await using device = await open(virtual);
  assert.equal(device.name, "Prophesee EVK4");
  assert.match(device.serial, /^[0-9A-F]{8}$/);
  assert.equal(device.properties.width, 1280);
  assert.equal(device.speed, "super");
  assert.ok(await collect(device, 100_000) >= 100_000);
});

test("for: the same, blocking", async () => {
  await using device = await open(virtual);
  let events = 0;
  for (const { packet } of device) {
    events += packet.polarityEvents?.t.length ?? 0;
    if (events > 50_000) break;
  }
  assert.ok(events > 50_000);
});

test("with reuseBuffers a packet is detached at the next iteration, a clone is not", async () => {
  await using device = await open({ ...virtual, reuseBuffers: true });
  const kept: Packet[] = [];
  let clone: Packet | undefined;
  for await (const { packet } of device) {
    if (packet.polarityEvents === undefined) continue;
    clone ??= packet.clone();
    kept.push(packet);
    if (kept.length === 3) {
      assert.deepEqual(kept.map(({ polarityEvents }) => polarityEvents!.t.length > 0), [false, false, true]);
      break;
    }
  }
  device.close();
  assert.equal(kept[2]!.polarityEvents!.t.length, 0, "closing detaches the last");
  assert.ok(clone!.polarityEvents!.t.length > 0);
  assert.ok(clone!.polarityEvents!.t[0]! > 0);
});

test("a status tells times, backlog and what was read", async () => {
  await using device = await open(virtual);
  let sensorTime = 0;
  let packets = 0;
  for await (const { status } of device) {
    assert.ok(Math.abs(status.consumedMs - Date.now()) < 60_000);
    assert.ok(status.receivedMs <= status.consumedMs && status.delayMs >= 0);
    assert.ok(status.bytes > 0 && status.backlog >= 0 && status.rawPackets <= 64);
    assert.deepEqual([status.droppedBytes, status.droppedTransfers, status.gaps], [0, 0, []]);
    assert.ok(status.currentTime === undefined || status.currentTime >= sensorTime);
    sensorTime = status.currentTime ?? sensorTime;
    packets += 1;
    if (packets === 50) break;
  }
  assert.ok(sensorTime > 0);
});

test("raw mode hands out the bytes", async () => {
  // Slow enough that a camera which is not served for half a second has lost nothing yet.
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 5e6 }]);
  await using device = await open({ ...virtual, raw: true });
  let expected: bigint | undefined;
  let bytes = 0;
  for await (const { status, packet } of device) {
    assert.equal(packet.length, status.bytes);
    const words = new BigUint64Array(packet.buffer, packet.byteOffset, packet.length / 8);
    for (const word of words) {
      if (word !== expected && expected !== undefined) assert.fail(`${word} after ${expected - 1n}`);
      expected = word + 1n;
    }
    bytes += packet.length;
    if (bytes > 1_000_000) break;
  }
});

test("opened without output the sensor is silent, until an update lets it send", async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 1e6 }]);
  await using device = await open({ ...virtual, raw: true, type: "prophesee-evk4", configuration: { output: false } });
  const streaming = async () => (await describeVirtualBus()).cameras[0]!.streaming;
  assert.equal(await streaming(), false);
  device.updateConfiguration({ output: true });
  assert.equal(await streaming(), true);
  for await (const { status } of device) if (status.bytes > 0) break;
});

test("with a timeout an iteration may come without a packet", async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 8 }]);
  await using slow = await open({ ...virtual, raw: true, iteratorTimeoutMs: 20 });
  for await (const { status, packet } of slow) {
    if (packet !== undefined) continue;
    assert.equal(status.rawPackets, 0);
    assert.equal(status.bytes, 0);
    break;
  }
});

test("close ends a waiting loop quietly, and can be called twice", async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 8 }]);
  await using device = await open({ ...virtual, type: "prophesee-evk4", raw: true });
  setTimeout(() => device.close(), 50);
  for await (const _ of device);
  device.close();
  assert.throws(() => device.clearBacklog(), { code: "closed" });
  assert.throws(() => device.sensors.temperatureCelsius(), { code: "closed" });
  assert.throws(() => device.updateConfiguration({}), { code: "closed" });
});

test("the garbage collector has nothing to close of a device that was closed, or whose scope has ended", async () => {
  await using closed = await open(virtual);
  assert.ok(takenFromRegistries(() => closed.close()).includes(closed));
  await using disposed = await open(virtual);
  assert.ok(takenFromRegistries(() => disposed[Symbol.dispose]()).includes(disposed));
});

test("an aborted signal throws its reason into the loop and releases the camera", async () => {
  const controller = new AbortController();
  await using device = await open({ ...virtual, signal: controller.signal });
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(async () => {
    for await (const _ of device);
  }, reason);
  assert.equal(device.closed, true);
  await assertNothingLeft();
  await assert.rejects(open({ ...virtual, signal: AbortSignal.abort(reason) }), reason);
  await assertNothingLeft();
});

test("using: the camera is released at the end of the block", async () => {
  await using device = await open(virtual);
  await device[Symbol.asyncDispose]();
  assert.equal(device.closed, true);
  const other = await open(virtual);
  other[Symbol.dispose]();
  assert.equal(other.closed, true);
  await assertNothingLeft();
});

test("a slow consumer: a backlog grows, clearBacklog returns to the present", async () => {
  await configureVirtualBus([{ bytesPerSecond: 100e6 }]);
  await using device = await open(virtual);
  const iterator = device[Symbol.asyncIterator]();
  await iterator.next();
  await eventually("a backlog", () => device.statistics.backlog > 10 ? true : undefined);
  const { transfers } = device.statistics;
  const cleared = device.clearBacklog({ until: 2 });
  assert.ok(cleared.rawPackets > 8, `${cleared.rawPackets} raw packets`);
  // What came meanwhile may wait too: how much that is depends on the machine.
  const left = device.statistics.backlog;
  const arrived = device.statistics.transfers - transfers;
  assert.ok(left <= 2 + arrived, `backlog ${left}, ${arrived} transfers meanwhile`);
  const { value } = await iterator.next();
  assert.ok(value!.packet.polarityEvents!.t[0]! >= cleared.currentTime! - 5000);
  assert.throws(() => device.clearBacklog({ until: -1 }), RangeError);
});

test("a full ring: what is lost is counted to the byte, and marked", async () => {
  // As fast as it is fetched: a camera with a rate of its own loses bytes too, when the machine is busy elsewhere.
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 0 }]);
  const usbConfiguration = { bufferBytes: 16_384, ringLength: 12, transferQueueLength: 4 };
  await using device = await open({ ...virtual, raw: true, usbConfiguration });
  let next: bigint | undefined;
  let missing = 0n;
  let reported = 0;
  let gaps = 0;
  let packets = 0;
  for await (const { status, packet } of device) {
    const words = new BigUint64Array(packet.buffer, packet.byteOffset, packet.length / 8);
    for (const gap of status.gaps) {
      const word = words[gap.byteIndex / 8]!;
      const before = gap.byteIndex === 0 ? next! : words[gap.byteIndex / 8 - 1]! + 1n;
      assert.equal(word - before, BigInt(gap.droppedBytes / 8), "the gap is where and as large as it says");
      missing += word - before;
      gaps += 1;
    }
    reported += status.droppedBytes;
    next = words[words.length - 1]! + 1n;
    packets += 1;
    if (packets < 8) await new Promise((resolve) => setTimeout(resolve, 30));
    if (packets === 20) break;
  }
  assert.ok(gaps > 0, "the ring was meant to overflow");
  assert.equal(Number(missing) * 8, reported);
});

test("a loop on a fast camera leaves the event loop its turns", async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 0 }]);
  await using device = await open({ ...virtual, raw: true });
  let ticks = 0;
  const timer = setInterval(() => ticks += 1, 5);
  const endMs = performance.now() + 30_000;
  for await (const _ of device) if (ticks >= 20 || performance.now() > endMs) break;
  clearInterval(timer);
  assert.ok(ticks >= 20, `${ticks} ticks`);
});

test("options out of their range are refused before any USB traffic", async () => {
  const wrong: readonly [object, RegExp][] = [
    [{ serail: "1" }, /no option "serail"/],
    [{ serial: 5 }, /serial must be the serial of a camera.*, not 5/],
    [{ iteratorTimeoutMs: -1 }, /iteratorTimeoutMs must be .* not -1/],
    [{ iteratorMaximumRawPackets: 1.5 }, /iteratorMaximumRawPackets/],
    [{ usbConfiguration: { ringLength: 2 } }, /ringLength must be greater than transferQueueLength \(32\), not 2/],
    [{ type: "prophesee-evk4", configuration: { biases: { diffOn: 146 } } }, /diffOn/],
    [{ usbConfiguration: { bufferBytes: 1500 } }, /bufferBytes must be a multiple of 1024/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(open({ libusb: "/nonexistent/libusb.so", ...options }), message);
  }
});

test("no camera of the serial: the error lists what is there", async () => {
  await assert.rejects(open({ ...virtual, serial: "FFFFFFFF" }), (error) => {
    assert.ok(error instanceof NeuromorphicError && error.code === "device-not-found");
    assert.match(error.message, /FFFFFFFF/);
    return true;
  });
});
