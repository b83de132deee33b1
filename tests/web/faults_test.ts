/** What goes wrong on the bus of a page, and what the page sees of it. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, open as openNative, type VirtualFault } from "../../mod.ts";
import { getDevices, open, type StreamItem, watchDevices } from "../../src/web/mod.ts";
import { eventually } from "../support/eventually.ts";
import { PatternReader } from "../support/pattern.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import { firstDevice, hasCode, openWith, type WebEvk4 } from "./testing/opened.ts";
import { TestUsb } from "./testing/usb_device.ts";

const events = 0x81;
const replies = 0x82;

/** A camera whose bytes are consecutive numbers, slow enough to lose nothing itself on a busy machine. */
function patternWith(...faults: Omit<VirtualFault, "endpoint">[]) {
  return {
    source: { kind: "pattern" },
    bytesPerSecond: 500_000,
    faults: faults.map((fault) => ({ ...fault, endpoint: events })),
  } as const;
}

/** Reads numbers until so many raw packets came. */
async function readPattern(device: WebEvk4, rawPackets: number): Promise<PatternReader> {
  const reader = new PatternReader();
  let read = 0;
  for await (const { status, packet } of device as AsyncIterable<StreamItem<Uint8Array>>) {
    reader.take(packet, status.gaps);
    read += status.rawPackets;
    if (read >= rawPackets) break;
  }
  return reader;
}

test("unplugged while streaming: the loop ends with disconnected, after what was received", slow, async () => {
  for (const tellsOfUnplugging of [true, false]) {
    await using usb = await TestUsb.open({ tellsOfUnplugging });
    const before = await describeVirtualBus();
    const device = await openWith(usb, patternWith({ kind: "unplug", after: 50 }), { raw: true });
    let bytes = 0;
    await assert.rejects(async () => {
      for await (const { packet } of device) bytes += (packet as Uint8Array).length;
    }, hasCode("disconnected"));
    assert.equal(device.closed, true);
    await device.close();
    assert.equal(device.statistics.bytes, bytes);
    assert.equal(bytes, (await describeVirtualBus()).bytesEmitted - before.bytesEmitted);
    await assert.rejects(device.updateConfiguration({}), hasCode("closed", "unplugged"));
  }
});

test("a camera that is plugged in again is another device, and opens", slow, async () => {
  await using usb = await TestUsb.open();
  const before = await openWith(usb, patternWith({ kind: "unplug", after: 5 }));
  await assert.rejects(async () => {
    for await (const _ of before);
  }, hasCode("disconnected"));
  await before.close();
  await configureVirtualBus();
  const again = await open(await firstDevice(usb), { usb });
  await again.close();
});

test("a halt of the event endpoint is cleared and counted, and the stream goes on", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, patternWith({ kind: "stall", after: 20 }), { raw: true });
  const reader = await readPattern(device, 60);
  await device.close();
  const { bytesLostInCamera } = (await describeVirtualBus()).cameras[0]!;
  assert.equal(device.statistics.stalls, 1);
  assert.deepEqual([reader.unmarked, reader.marked], [bytesLostInCamera, 0]);
});

test("a halt that the system does not tell of (Windows) is cleared after some failures in a row", slow, async () => {
  await using usb = await TestUsb.open({ isWindows: true });
  const device = await openWith(usb, patternWith({ kind: "stall", after: 20 }), { raw: true });
  await readPattern(device, 60);
  await device.close();
  const { stalls, errors } = device.statistics;
  assert.equal(stalls, 0);
  assert.ok(errors > 0, `${errors} errors`);
});

test("failed transfers are losses of unknown size, counted and marked", slow, async () => {
  await using usb = await TestUsb.open();
  const faults = patternWith({ kind: "protocol-error", after: 20, times: 3, length: 1024 });
  const device = await openWith(usb, faults, { raw: true });
  let [droppedTransfers, droppedBytes, gaps] = [0, 0, 0];
  let read = 0;
  const reader = new PatternReader();
  for await (const { status, packet } of device as AsyncIterable<StreamItem<Uint8Array>>) {
    // The size of the loss is unknown, so the reader is told of none.
    reader.take(packet, []);
    droppedTransfers += status.droppedTransfers;
    droppedBytes += status.droppedBytes;
    gaps += status.gaps.length;
    read += status.rawPackets;
    if (read > 60) break;
  }
  await device.close();
  const { bytesInFailedTransfers } = (await describeVirtualBus()).cameras[0]!;
  assert.deepEqual([droppedTransfers, droppedBytes], [3, 0]);
  assert.ok(gaps >= 1 && gaps <= 3);
  assert.equal(reader.unmarked, bytesInFailedTransfers);
  assert.equal(device.statistics.errors, 3);
});

test("babble, empty and short transfers: what a browser has of their bytes is accounted for", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(
    usb,
    patternWith(
      { kind: "overflow", after: 10, length: 1024 },
      { kind: "zero-length", after: 20, times: 3 },
      { kind: "short", after: 30, times: 3, length: 104 },
    ),
    { raw: true },
  );
  const reader = await readPattern(device, 80);
  await device.close();
  const { statistics } = device;
  const { bytesInFailedTransfers } = (await describeVirtualBus()).cameras[0]!;
  assert.ok(bytesInFailedTransfers > 0);
  assert.deepEqual([reader.marked, reader.unmarked, reader.gaps], [bytesInFailedTransfers, 0, 1]);
  assert.deepEqual([statistics.errors, statistics.zeroLengthTransfers], [1, 3]);
  assert.equal(statistics.droppedBytes, bytesInFailedTransfers);
  assert.equal(statistics.bytes, reader.read + statistics.droppedBytes + statistics.backlogBytes);
});

test(
  "where the system has memory for some of the transfers, those are used and nothing counts as lost",
  slow,
  async () => {
    await using usb = await TestUsb.open();
    const usbConfiguration = { bufferBytes: 1 << 20, transferQueueLength: 24 };
    const device = await openWith(usb, patternWith(), { raw: true, usbConfiguration });
    const reader = new PatternReader();
    let missing = 0;
    for await (const { status, packet } of device as AsyncIterable<StreamItem<Uint8Array>>) {
      reader.take(packet, status.gaps);
      missing = status.missingTransfers;
      if (reader.read > 100_000) break;
    }
    const { transfersRequested, transfersInFlight, droppedTransfers } = device.statistics;
    await device.close();
    // Linux grants 16 MiB.
    assert.deepEqual([transfersRequested, droppedTransfers, reader.gaps], [24, 0, 0]);
    assert.ok(transfersInFlight >= 13 && transfersInFlight <= 15, `${transfersInFlight} in flight`);
    assert.ok(missing >= 8, `${missing} missing`);
  },
);

test("transfers that keep failing while the camera answers end the loop with io", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, patternWith({ kind: "protocol-error", after: 20, times: 0 }), { raw: true });
  await assert.rejects(async () => {
    for await (const _ of device);
  }, hasCode("io"));
  await device.close();
});

test("a camera that another program uses is busy, and it is said what to do", slow, async () => {
  await using usb = await TestUsb.open();
  await using _other = await openNative({ libusb: "virtual" });
  await assert.rejects(open(await firstDevice(usb), { usb }), hasCode("busy", "Close the other tab"));
});

test("a camera that this page uses is busy until its device is closed", slow, async () => {
  await using usb = await TestUsb.open();
  const usbDevice = await firstDevice(usb);
  const device = await open(usbDevice, { usb });
  await assert.rejects(open(usbDevice, { usb }), hasCode("busy", "this page"));
  await device.close();
  const again = await open(usbDevice, { usb });
  await again.close();
});

test("an interface that the system has not let go of yet is claimed again", slow, async () => {
  await using usb = await TestUsb.open();
  usb.claimsToRefuse = 3;
  const device = await open(await firstDevice(usb), { usb });
  await device.close();
});

test("a camera that the user may not open is permission-denied", slow, async () => {
  await configureVirtualBus([{ permission: false }]);
  await using usb = await TestUsb.open();
  await assert.rejects(open(await firstDevice(usb), { usb }), hasCode("permission-denied", "SecurityError"));
});

test("a device that is no camera is unsupported, and so is a camera of another type", slow, async () => {
  await configureVirtualBus([{ model: "evk3-hd" }]);
  await using usb = await TestUsb.open();
  const usbDevice = await firstDevice(usb);
  await assert.rejects(open(usbDevice, { usb, type: "centuryarks-vga" }), hasCode("unsupported", "centuryarks-vga"));
  const mouse = new Proxy(usbDevice, { get: (device, name) => name === "productId" ? 1 : Reflect.get(device, name) });
  await assert.rejects(open(mouse, { usb }), hasCode("unsupported", "no camera that the library knows"));
});

test("closing takes at most two seconds where the camera answers nothing any more", slow, async () => {
  await using usb = await TestUsb.open({ isVirtual: false });
  const device = await openWith(usb, { bytesPerSecond: 100_000 });
  usb.hangs = true;
  const update = device.updateConfiguration({ biases: { diffOn: 7 } });
  const refused = assert.rejects(update, hasCode("closed"));
  const startMs = performance.now();
  await device.close();
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < 3_500, `${tookMs} ms`);
  await refused;
  usb.hangs = false;
  await (await open(await firstDevice(usb), { usb })).close(); // stops the sensor
});

test("a reply to another command is an error, and the next command goes through", slow, async () => {
  await using usb = await TestUsb.open();
  const { commands } = await countCommands(usb);
  const faults: VirtualFault[] = [{ kind: "wrong-command", endpoint: replies, after: commands }];
  const device = await openWith(usb, { bytesPerSecond: 100_000, faults });
  await assert.rejects(device.sensors.temperatureCelsius(), hasCode("protocol"));
  const temperature = await device.sensors.temperatureCelsius();
  assert.ok(temperature > 0 && temperature < 100, `${temperature} °C`);
  await device.close();
});

/** How many replies the bring-up of a camera takes. */
async function countCommands(usb: TestUsb): Promise<{ commands: number }> {
  const device = await openWith(usb, { bytesPerSecond: 100_000 });
  const { commands } = (await describeVirtualBus()).cameras[0]!;
  await device.close();
  return { commands };
}

test("an abort while the camera is brought up leaves nothing open; afterwards it closes the device", slow, async () => {
  await using usb = await TestUsb.open();
  const reason = new Error("enough");
  const early = new AbortController();
  const opening = open(await firstDevice(usb), { usb, signal: early.signal });
  early.abort(reason);
  await assert.rejects(opening, reason);
  const late = new AbortController();
  const device = await open(await firstDevice(usb), { usb, signal: late.signal });
  await assert.rejects(async () => {
    for await (const _ of device) late.abort(reason);
  }, reason);
  assert.equal(device.closed, true);
  await device.close();
});

test("a page is told of cameras that come and go while it watches", slow, async () => {
  await using usb = await TestUsb.open();
  using watcher = watchDevices({ usb });
  const seen: string[] = [];
  watcher.addEventListener("connect", ({ device }) => seen.push(`connect ${device.productId}`));
  watcher.addEventListener("disconnect", ({ device }) => seen.push(`disconnect ${device.productId}`));
  await configureVirtualBus([{ model: "evk3-hd" }]);
  await eventually("another camera", () => seen.length === 2 ? true : undefined);
  assert.deepEqual(seen.toSorted(), ["connect 244", "disconnect 245"]);
  watcher.close();
  await configureVirtualBus();
  assert.equal((await getDevices({ usb }))[0]!.productId, 245);
  assert.equal(seen.length, 2);
});

test("a camera that forgets unread replies is brought up one request at a time", slow, async () => {
  await using usb = await TestUsb.open();
  const device = await openWith(usb, { ...patternWith(), unreadReply: "replace" }, { raw: true });
  await readPattern(device, 3);
  await device.updateConfiguration({ output: false, externalTrigger: false });
  await device.close();
});
