/** What a page does with a device: loops, the backlog, changes of the configuration, measurements, several at once. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, open as openNative } from "../../mod.ts";
import { open, requestDevice, type StreamItem, type WebDevice } from "../../src/web/mod.ts";
import { eventually } from "../support/eventually.ts";
import { PatternReader } from "../support/pattern.ts";
import { SequenceReader } from "../support/sequence.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import { firstDevice, hasCode, openWith } from "./testing/opened.ts";
import { TestUsb } from "./testing/usb_device.ts";

const scene = { bytesPerSecond: 500_000 } as const;

test("a sequence is decoded to exactly the events that the camera sent, also in small batches", slow, async () => {
  await using usb = await TestUsb.open();
  for (const iteratorMaximumRawPackets of [1, 64]) {
    const camera = { source: { kind: "sequence", intervalUs: 4 }, bytesPerSecond: 0 } as const;
    const device = await openWith(usb, camera, { iteratorMaximumRawPackets });
    const reader = new SequenceReader(4);
    for await (const { status, packet } of device) {
      assert.ok(packet !== undefined && "buffer" in packet && !(packet instanceof Uint8Array));
      reader.take(status, packet.polarityEvents);
      if (reader.read > 300_000) break;
    }
    await device.close();
    assert.equal(reader.gaps, 0);
    assert.ok(reader.events > 40_000);
  }
});

test("statuses, gaps and statistics have the fields that a native device gives", slow, async () => {
  await configureVirtualBus([scene]);
  const native = await openNative({ libusb: "virtual", type: "prophesee-evk4" });
  await using usb = await TestUsb.open();
  const fieldsOf = async (device: typeof native | WebDevice<"prophesee-evk4">) => {
    const { value } = await device[Symbol.asyncIterator]().next();
    const { status, packet } = value!;
    return [status, packet, device.statistics, device.clearBacklog(), device.properties, device.firmware]
      .map((object) => Object.keys(object).toSorted());
  };
  const ofNative = await fieldsOf(native);
  const { configuration, decoderOptions, name, serial } = native;
  native.close();
  const device = await open(await firstDevice(usb), { usb, type: "prophesee-evk4" });
  assert.deepEqual(await fieldsOf(device), ofNative);
  assert.deepEqual(
    [device.configuration, device.decoderOptions, device.name, device.serial],
    [configuration, decoderOptions, name, serial],
  );
  assert.deepEqual(Object.keys(device.sensors), Object.keys(native.sensors));
  await device.close();
});

test("a full ring drops the newest bytes, and counts and marks them exactly", slow, async () => {
  await using usb = await TestUsb.open();
  const camera = { source: { kind: "pattern" }, bytesPerSecond: 1_000_000 } as const;
  const usbConfiguration = { bufferBytes: 4096, ringLength: 12, transferQueueLength: 4 };
  const device = await openWith(usb, camera, { raw: true, usbConfiguration });
  await eventually("dropped", () => device.statistics.droppedTransfers > 20 ? true : undefined);
  const reader = new PatternReader();
  let dropped = 0;
  for await (const { status, packet } of device as AsyncIterable<StreamItem<Uint8Array>>) {
    reader.take(packet, status.gaps);
    dropped += status.droppedBytes;
    if (dropped > 0 && reader.read > 200_000) break;
  }
  await device.close();
  const { statistics } = device;
  assert.equal(statistics.backlogPeak, 8);
  assert.deepEqual([reader.marked, reader.unmarked], [dropped, 0]);
  assert.equal(statistics.bytes, reader.read + statistics.droppedBytes + statistics.backlogBytes);
  assert.equal(statistics.bytes, (await describeVirtualBus()).cameras[0]!.bytesEmitted);
});

test("what a camera loses while the page's thread is busy is marked by the sensor's time", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, { source: { kind: "sequence", intervalUs: 4 } });
  let [jumpUs, rawPackets] = [0, 0];
  for await (const { status } of device) {
    for (const { timeJumpUs } of status.gaps) jumpUs += timeJumpUs;
    rawPackets += status.rawPackets;
    if (rawPackets < 5) continue;
    if (jumpUs > 0) break;
    for (const endMs = performance.now() + 1_000; performance.now() < endMs;);
    rawPackets = 0;
  }
  await device.close();
  assert.equal(device.statistics.droppedTransfers, 0);
  assert.ok((await describeVirtualBus()).cameras[0]!.bytesLostInCamera > 0);
});

test("clearBacklog throws away what waits, and what comes next is decoded as if nothing was", slow, async () => {
  await using usb = await TestUsb.open();
  const camera = { source: { kind: "sequence", intervalUs: 4 }, bytesPerSecond: 1_000_000 } as const;
  const device = await openWith(usb, camera);
  await eventually("a backlog", () => device.statistics.backlog > 5 ? true : undefined);
  const { rawPackets, bytes, currentTime } = device.clearBacklog({ until: 2 });
  assert.ok(rawPackets >= 4 && bytes > 0);
  assert.equal(device.statistics.backlog, 2);
  for await (const { packet } of device) {
    assert.ok(packet !== undefined && "polarityEvents" in packet && packet.polarityEvents !== undefined);
    const { t } = packet.polarityEvents;
    assert.ok(Math.abs(t[0]! - currentTime!) <= 8, `${t[0]} after ${currentTime}`);
    break;
  }
  await device.close();
  assert.throws(() => device.clearBacklog(), hasCode("closed", "close() was called"));
});

test("a loop borrows the device, and two readers at once are refused", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, scene);
  const first = device[Symbol.asyncIterator]();
  await first.next();
  await assert.rejects(device[Symbol.asyncIterator]().next(), TypeError);
  await first.return!();
  for await (const _ of device) break;
  const { readable } = device;
  for await (const _ of readable) break;
  const results = device[Symbol.asyncIterator]();
  const [one, two] = await Promise.all([results.next(), results.next()]);
  assert.equal(one.done, false);
  assert.equal(two.done, false);
  const last = results.next();
  await device.close();
  assert.ok([true, false].includes((await last).done!));
  assert.equal((await results.next()).done, true);
  await assert.rejects(device[Symbol.asyncIterator]().next(), hasCode("closed"));
});

test("with iteratorTimeoutMs a loop over a camera that sends nothing goes on without packets", slow, async () => {
  await using usb = await TestUsb.open();
  await configureVirtualBus([scene]);
  const device = await open(await firstDevice(usb), {
    usb,
    type: "prophesee-evk4",
    configuration: { output: false },
    iteratorTimeoutMs: 20,
  });
  let idle = 0;
  for await (const { packet, status } of device) {
    if (packet === undefined) idle += 1;
    assert.equal(status.rawPackets === 0, packet === undefined);
    if (idle === 3) break;
  }
  await device.close();
});

test("updates that come at once follow each other, and each has taken effect when it resolves", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, scene);
  const order: number[] = [];
  await Promise.all([10, 20, 30].map(async (diffOn) => {
    await device.updateConfiguration({ biases: { diffOn } });
    order.push(device.configuration.biases.diffOn as number);
  }));
  assert.deepEqual(order, [10, 20, 30]);
  await assert.rejects(device.updateConfiguration({ biases: { diffOn: 1e6 } }), RangeError);
  assert.equal(device.configuration.biases.diffOn, 30);
  const [temperature] = await Promise.all([
    device.sensors.temperatureCelsius(),
    device.updateConfiguration({ biases: { diffOn: 40 } }),
  ]);
  assert.ok(temperature > 0);
  await device.close();
  await assert.rejects(device.sensors.temperatureCelsius(), hasCode("closed"));
});

test("an update that fails half-way is taken back", slow, async () => {
  await using usb = await TestUsb.open();
  const before = await openWith(usb, scene);
  const { commands } = (await describeVirtualBus()).cameras[0]!;
  await before.close();
  const faults = [{ kind: "failure-flag", endpoint: 0x82, after: commands + 1 }] as const;
  const device = await openWith(usb, { ...scene, faults });
  const { biases } = device.configuration;
  const update = device.updateConfiguration({ biases: { diffOn: 9, diffOff: 9, fo: 3 } });
  await assert.rejects(update, hasCode("protocol"));
  assert.deepEqual(device.configuration.biases, biases);
  await device.updateConfiguration({ biases: { diffOn: 9 } });
  assert.equal(device.configuration.biases.diffOn, 9);
  await device.close();
});

test("a wrong option is refused before anything is opened", async () => {
  await using usb = await TestUsb.open();
  const device = await firstDevice(usb);
  await assert.rejects(open(device, { usb, usbConfiguration: { bufferBytes: 1000 } }), RangeError);
  await assert.rejects(open(device, { usb, raw: "yes" as unknown as boolean }), TypeError);
  await assert.rejects(open({} as typeof device, { usb }), TypeError);
  assert.equal(device.opened, false);
});

test("the user chooses a camera, or none", async () => {
  await using usb = await TestUsb.open();
  assert.equal(await requestDevice({ usb }), await firstDevice(usb));
  const cancelled = Object.create(usb, {
    requestDevice: { value: () => Promise.reject(new DOMException("No device selected.", "NotFoundError")) },
    getDevices: { value: () => usb.getDevices() },
  });
  assert.equal(await requestDevice({ usb: cancelled }), undefined);
  const unasked = Object.create(usb, {
    requestDevice: { value: () => Promise.reject(new DOMException("Must be handling a gesture.", "SecurityError")) },
  });
  await assert.rejects(requestDevice({ usb: unasked }), hasCode("permission-denied", "click"));
  await assert.rejects(requestDevice(), hasCode("unsupported", "WebUSB"));
});
