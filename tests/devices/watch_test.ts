/** Cameras that come and go, on the virtual bus and on one that exists in the test. */

import assert from "node:assert/strict";
import {
  configureVirtualBus,
  type DeviceEvent,
  type DeviceWatcher,
  NeuromorphicError,
  open,
  watchDevices,
} from "../../mod.ts";
import { createWatcher } from "../../src/devices/polling_watcher.ts";
import { runChild } from "../support/child.ts";
import { test } from "../support/test_on_bus.ts";
import { madeUpDevice } from "./made_up_bus.ts";

const virtual = { libusb: "virtual", intervalMs: 10 } as const;

function next<Type extends "connect" | "disconnect">(watcher: DeviceWatcher, type: Type): Promise<DeviceEvent> {
  return new Promise((resolve) => watcher.addEventListener(type, resolve, { once: true }));
}

test("unplugged and plugged again: disconnect, then connect with a new address, and open works", async () => {
  await configureVirtualBus([{ serial: "0000CAFE" }]);
  await using watcher = await watchDevices({ ...virtual, keepAlive: true });
  const [there] = watcher.devices;
  assert.equal(there!.serial, "0000CAFE");
  const gone = next(watcher, "disconnect");
  await configureVirtualBus([]);
  assert.equal((await gone).device, there);
  assert.deepEqual(watcher.devices, []);
  const come = next(watcher, "connect");
  await configureVirtualBus([{ serial: "0000CAFE" }]);
  const { device } = await come;
  assert.deepEqual({ ...device, address: 0 }, { ...there, address: 0 });
  assert.notEqual(device.address, there!.address);
  assert.deepEqual(watcher.devices, [device]);
  (await open({ libusb: "virtual", serial: device.serial! })).close();
});

test("exchanged between two looks: disconnect, then connect", async () => {
  await using watcher = await watchDevices({ ...virtual, keepAlive: true });
  const types: string[] = [];
  watcher.addEventListener("disconnect", ({ type }) => types.push(type));
  const come = next(watcher, "connect");
  await configureVirtualBus();
  await come;
  assert.deepEqual(types, ["disconnect"]);
});

test("a camera that streams is not disturbed, and causes no event", async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 20e6 }]);
  await using watcher = await watchDevices(virtual);
  watcher.addEventListener("connect", () => assert.fail("connect"));
  watcher.addEventListener("disconnect", () => assert.fail("disconnect"));
  await using device = await open({ libusb: "virtual", raw: true });
  let expected: bigint | undefined;
  for await (const { packet } of device) {
    for (const word of new BigUint64Array(packet.buffer, packet.byteOffset, packet.length / 8)) {
      assert.equal(word, expected ?? word);
      expected = word + 1n;
    }
    if (expected! > 500_000n) break;
  }
});

test("a camera that refuses at first is asked once more before it is announced; later not at all", async () => {
  let refusals = 1;
  let devices = [madeUpDevice()];
  using watcher = await createWatcher({
    createBus: () => ({ devices: () => devices, close: () => {} }),
    intervalMs: 10,
    keepAlive: true,
  });
  assert.equal(devices[0]!.handles.length, 1);
  const late = madeUpDevice();
  const come = next(watcher, "connect");
  devices = [...devices, {
    ...late,
    open: (description) => {
      if (refusals-- > 0) throw new NeuromorphicError("permission-denied", description);
      return late.open(description);
    },
  }];
  const { device } = await come;
  assert.equal(device.error, undefined);
  const locked = madeUpDevice({ openError: "permission-denied" });
  const comeToo = next(watcher, "connect");
  devices = [...devices, locked];
  assert.equal((await comeToo).device.error!.code, "permission-denied");
  assert.deepEqual(devices.map(({ handles }) => handles.length), [1, 1, 0]);
});

test("a camera that is busy at the start is asked once more, and only then", async () => {
  const streaming = madeUpDevice({ openError: "busy" });
  const asked = madeUpDevice();
  let refusals = 1;
  let pauses = 0;
  const devices = [madeUpDevice(), streaming, {
    ...asked,
    open: (description: string) => {
      if (refusals-- > 0) throw new NeuromorphicError("busy", description);
      return asked.open(description);
    },
  }];
  using watcher = await createWatcher({
    createBus: () => ({ devices: () => devices, close: () => {} }),
    intervalMs: 10,
    keepAlive: true,
    pause: () => Promise.resolve(void pauses++),
  });
  assert.deepEqual(watcher.devices.map(({ error }) => error?.code), [undefined, "busy", undefined]);
  assert.equal(pauses, 1);
  assert.equal(devices[0]!.handles.length, 1, "one that has answered is not asked again");
});

test("cameras with ids of their maker are watched where these are given", async () => {
  const own = () => madeUpDevice({ ids: [0x1234, 0xabcd] });
  let devices = [own()];
  using watcher = await createWatcher({
    createBus: () => ({ devices: () => devices, close: () => {} }),
    usbIds: [{ vendorId: 0x1234, productId: 0xabcd, type: "prophesee-evk4" }],
    intervalMs: 10,
    keepAlive: true,
  });
  assert.deepEqual(watcher.devices.map(({ name, type }) => [name, type]), [["Prophesee EVK4", "prophesee-evk4"]]);
  const come = next(watcher, "connect");
  devices = [...devices, own()];
  assert.equal((await come).device.address, devices[1]!.address);
});

test("a look that fails is an error event, and the cameras stay known", async () => {
  const devices = [madeUpDevice()];
  let looks = 0;
  using watcher = await createWatcher({
    createBus: () => {
      if (looks++ === 1) throw new NeuromorphicError("io", "no bus");
      return { devices: () => devices, close: () => {} };
    },
    intervalMs: 10,
    keepAlive: true,
  });
  watcher.addEventListener("disconnect", () => assert.fail("disconnect"));
  const error = await new Promise<NeuromorphicError>((resolve) => {
    watcher.addEventListener("error", ({ error }) => resolve(error));
  });
  assert.equal(error.message, "no bus");
  assert.equal(watcher.devices.length, 1);
});

test("closed in a listener: no event more, closing twice is fine", async () => {
  await configureVirtualBus([{}, {}]);
  const watcher = await watchDevices({ ...virtual, keepAlive: true });
  let events = 0;
  const gone = new Promise<void>((resolve) =>
    watcher.addEventListener("disconnect", () => {
      events++;
      watcher.close();
      resolve();
    })
  );
  await configureVirtualBus([]);
  await gone;
  watcher.close();
  assert.equal(events, 1);
  assert.equal(watcher.closed, true);
});

test("a watcher does not keep the process running", async () => {
  const { status, output } = await runChild(new URL("watch_child.ts", import.meta.url));
  assert.deepEqual({ status, output: output.trim() }, { status: 0, output: "watching 1" });
});

test("options out of their range, of the wrong type or unknown are refused", async () => {
  await assert.rejects(watchDevices({ intervalMs: 9 }), RangeError);
  await assert.rejects(watchDevices({ intervalMs: NaN }), RangeError);
  await assert.rejects(watchDevices({ intervalMs: "1000" as never }), TypeError);
  await assert.rejects(watchDevices({ keepAlive: 1 as never }), TypeError);
  await assert.rejects(watchDevices({ interval: 1000 } as never), /watchDevices has no option "interval"/);
});
