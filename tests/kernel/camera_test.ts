/**
 * The library on a real kernel: the system's libusb, usbfs, and a camera on the virtual host controller.
 *
 * Opening takes the sensor's real settling times, so that the tests share cameras: each begins where the one before it
 * left off.
 */

import assert from "node:assert/strict";
import { after } from "node:test";
import {
  type CameraType,
  type Device,
  type DeviceEvent,
  type DeviceWatcher,
  listDevices,
  NeuromorphicError,
  open,
  type Packet,
  watchDevices,
} from "../../mod.ts";
import { eventually } from "../support/eventually.ts";
import { PatternReader } from "../support/pattern.ts";
import { runtime, test } from "../support/test.ts";
import {
  findDevice,
  onceUnder,
  openElsewhere,
  type OpenResult,
  type PluggedCamera,
  plugIn,
  run,
  serve,
  skipOutsideGuest,
} from "./guest.ts";

const options = { skip: skipOutsideGuest };
const serial = "00050ABC";

/** Slow enough for an emulated processor. */
const sceneParameters = ["--rate", "1000000"];

let camera: PluggedCamera | undefined;
after(() => camera?.unplug());

/** Iterates until enough events came and the promise is settled, and looks at each event. Returns how many came. */
async function collect(device: Device<CameraType, Packet>, count: number, until: Promise<unknown>): Promise<number> {
  let settled = false;
  const settle = () => settled = true;
  until.then(settle, settle);
  let events = 0;
  let time = 0;
  for await (const { status, packet } of device) {
    assert.equal(status.droppedBytes, 0);
    if (packet.polarityEvents === undefined) continue;
    const { t, x, y, on } = packet.polarityEvents;
    for (let i = 0; i < t.length; i++) {
      assert.ok(t[i]! >= time && x[i]! < 1280 && y[i]! < 720 && on[i]! <= 1, `event ${events + i}`);
      time = t[i]!;
    }
    events += t.length;
    if (events >= count && settled) break;
  }
  return events;
}

test("the kernel's device is listed, with serial and speed", options, async () => {
  assert.deepEqual(await listDevices(), []);
  camera = await plugIn(serial, sceneParameters);
  const devices = await listDevices();
  assert.equal(devices.length, 1);
  const { bus, address, ...device } = devices[0]!;
  assert.deepEqual(device, {
    name: "Prophesee EVK4",
    type: "prophesee-evk4",
    vendorId: 0x04b4,
    productId: 0x00f5,
    speed: "super",
    serial,
    error: undefined,
  });
  assert.ok(bus > 0 && address > 1);
});

test("more queued bytes than usbfs grants are refused, and the limit is named", options, async () => {
  const usbConfiguration = { bufferBytes: 1 << 20, transferQueueLength: 32 };
  await assert.rejects(open({ serial, usbConfiguration }), (error) => {
    assert.ok(error instanceof RangeError);
    assert.match(error.message, /at most 16777216 bytes, not 33554432: .*usbfs_memory_mb/);
    return true;
  });
});

test("events come in order; another user is denied access, a second process is told busy", options, async () => {
  // It starts while the sensor settles: both are slow.
  const denied = openElsewhere(serial, { asOtherUser: true });
  // A transfer comes each millisecond: slots for a minute of them, as the processor is emulated and has more to do.
  await using device = await open({ serial, usbConfiguration: { ringLength: 65_536 } });
  const refused = othersAreRefused(device, denied);
  const events = await collect(device, 100_000, refused);
  await refused;
  assert.ok(events >= 100_000);
  device.close();
});

async function othersAreRefused(device: Device<CameraType, Packet>, denied: Promise<OpenResult>): Promise<void> {
  const { code, message } = await denied;
  assert.equal(code, "permission-denied");
  assert.match(message, /udev/);
  assert.deepEqual([device.serial, device.speed], [serial, "super"]);
  const [listed] = await listDevices();
  assert.deepEqual([listed?.serial, listed?.error?.code], [undefined, "busy"]);
  assert.equal((await openElsewhere(serial)).code, "busy");
}

test("opened again: a camera that is unplugged ends the loop, after what had been received", options, async () => {
  await using device = await open({ serial });
  const waiting = await eventually(
    "some raw packets",
    () => device.statistics.backlog >= 10 ? device.statistics.backlog : undefined,
  );
  // Both ways that it can vanish: taken by the kernel's driver, and, once, by its cable.
  if (runtime === "bun") camera!.detach();
  else camera!.remove();
  let rawPackets = 0;
  await assert.rejects(async () => {
    for await (const { status } of device) rawPackets += status.rawPackets;
  }, (error) => error instanceof NeuromorphicError && error.code === "disconnected");
  assert.ok(rawPackets >= waiting, `${rawPackets} of at least ${waiting}`);
  assert.equal(device.closed, true);
  await camera!.unplug();
  assert.deepEqual(await listDevices(), []);
});

test(
  "plugged in again, it streams raw bytes; a loop that pauses misses what it is told and nothing else",
  options,
  async () => {
    camera = await plugIn(serial, ["--pattern", "--rate", "0"]);
    await using device = await open({ serial, raw: true, usbConfiguration: { ringLength: 64 } });
    await checkPattern(device, 8 << 20);
    device.close();
    const { bytes, droppedBytes, backlogBytes } = device.statistics;
    assert.ok(bytes >= droppedBytes + backlogBytes + (8 << 20));
    assert.deepEqual((await listDevices()).map(({ serial }) => serial), [serial]);
  },
);

/** Reads the pattern, pausing once; then measures without looking. */
async function checkPattern(device: Device<CameraType, Uint8Array>, length: number): Promise<void> {
  const reader = new PatternReader();
  let measured = 0;
  let startMs = 0;
  for await (const { status, packet } of device) {
    if (reader.read < length || reader.gaps === 0) {
      reader.take(packet, status.gaps);
      if (reader.gaps === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      startMs = performance.now();
      continue;
    }
    measured += packet.length;
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs < 1000) continue;
    console.log(
      `${runtime}: ${(measured / elapsedMs / 1000).toFixed(0)} MB/s raw through usbfs, on an emulated processor`,
    );
    break;
  }
  assert.equal(reader.unmarked, 0);
  assert.ok(measured > 0);
}

test(
  "a camera whose cable is pulled at rest and put back: disconnect, connect, and the list follows",
  options,
  async () => {
    await using watcher = await watchDevices({ intervalMs: 100, keepAlive: true });
    const [before] = watcher.devices;
    assert.equal(before?.serial, serial);
    const gone = next(watcher, "disconnect");
    camera!.detach();
    assert.equal((await gone).device.serial, serial);
    await eventually("the camera gone", () => findDevice(serial) === undefined ? true : undefined);
    assert.deepEqual(await listDevices(), []);
    await camera!.unplug();
    const come = next(watcher, "connect");
    camera = await plugIn(serial, sceneParameters);
    const { device } = await come;
    assert.equal(device.serial, serial, device.error?.message);
    assert.notDeepEqual([device.bus, device.address], [before.bus, before.address]);
    assert.deepEqual(await listDevices(), [device]);
    await camera.unplug();
  },
);

function next(watcher: DeviceWatcher, type: "connect" | "disconnect"): Promise<DeviceEvent> {
  return new Promise((resolve) => watcher.addEventListener(type, resolve, { once: true }));
}

test("Debian's usbip lists and attaches a served camera", onceUnder("deno"), async () => {
  const stop = await serve("0000CAFE", ["--count", "2", ...sceneParameters]);
  try {
    const offered = await run("usbip", ["list", "--remote=127.0.0.1"]);
    assert.match(offered, /1-1:.*04b4:00f5[\s\S]*1-2:.*04b4:00f5/);
    await run("usbip", ["attach", "--remote=127.0.0.1", "--busid=1-2"]);
    await eventually("the second camera", () => findDevice("0000CAFF"));
    assert.deepEqual((await listDevices()).map(({ serial }) => serial), ["0000CAFF"]);
    await assert.rejects(run("usbip", ["attach", "--remote=127.0.0.1", "--busid=1-2"]), /busy|in use|failed/i);
  } finally {
    await stop();
  }
  await eventually("all cameras gone", () => findDevice("0000CAFF") === undefined ? true : undefined);
});
