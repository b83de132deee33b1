/** Discovery and bring-up through the real path: FFI, control plane, and the virtual camera in place of libusb. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { listDevices, printDeviceList } from "../../src/devices/discovery.ts";
import { open } from "../../src/devices/open.ts";
import { findCamera } from "../../src/devices/find_camera.ts";
import { run, runSync } from "../../src/protocol/run.ts";
import { skippedSettling } from "../../src/usb/settling.ts";

const VIRTUAL = { libusb: "virtual" } as const;

async function firstSerial(): Promise<string> {
  const [device] = await listDevices(VIRTUAL);
  assert.ok(device?.serial !== undefined, device?.error?.message);
  return device.serial;
}

test("the virtual camera is listed with its serial", async () => {
  const [device] = await listDevices(VIRTUAL);
  assert.equal(device?.type, "prophesee-evk4");
  assert.equal(device.error, undefined);
  assert.match(device.serial ?? "", /^[0-9A-F]{8,16}$/);
});

test("the device list is printed", async () => {
  const { log } = console;
  const printed: string[] = [];
  console.log = (text: string) => printed.push(text);
  try {
    await printDeviceList(VIRTUAL);
  } finally {
    console.log = log;
  }
  const serial = await firstSerial();
  assert.equal(printed.length, 1);
  assert.ok(printed[0]!.includes(serial));
});

test("a camera is found by its serial in any case, comes up, takes changes, and shuts down", async () => {
  const serial = await firstSerial();
  const found = await findCamera({ ...VIRTUAL, serial: serial.toLowerCase() });
  try {
    assert.equal(found.serial, serial);
    assert.equal(found.libusb.isVirtual, true);
    const { driver, handle } = found;
    const way = { bus: handle, settling: skippedSettling };
    const camera = await run(driver.open(driver.checkConfiguration({})), way);
    assert.equal(camera.serial, serial);
    runSync(camera.update({ biases: { diffOn: 10 }, yMask: new Uint8Array(720).fill(1, 0, 100) }), way);
    const temperature = runSync(camera.sensors.temperatureCelsius!(), way) as number;
    assert.ok(temperature > -56 && temperature < 139, String(temperature));
    assert.ok(runSync(camera.sensors.illuminance!(), way) as number >= 0);
    // While the camera is claimed it cannot be asked; that is data.
    const [listed] = await listDevices(VIRTUAL);
    assert.deepEqual([listed?.serial, listed?.error?.code], [undefined, "busy"]);
    runSync(camera.shutdown(), way);
  } finally {
    found.handle.close();
    found.context.close();
  }
  assert.equal((await listDevices(VIRTUAL))[0]?.serial, serial);
});

test("a camera that is in use is busy, and a serial that is not there is not found", async () => {
  const found = await findCamera(VIRTUAL);
  try {
    await assert.rejects(findCamera(VIRTUAL), { code: "busy", operation: "open" });
  } finally {
    found.handle.close();
    found.context.close();
  }
  await assert.rejects(findCamera({ ...VIRTUAL, serial: "no such serial" }), { code: "device-not-found" });
});

test("a camera that is free again within a second is found", async () => {
  const serial = await firstSerial();
  const other = await findCamera(VIRTUAL);
  const finding = findCamera({ ...VIRTUAL, serial });
  await new Promise((resolve) => setTimeout(resolve, 20));
  other.handle.close();
  other.context.close();
  const found = await finding;
  found.handle.close();
  found.context.close();
  assert.equal(found.serial, serial);
});

test("an aborted signal ends the opening of a busy camera", async () => {
  const found = await findCamera(VIRTUAL);
  try {
    const reason = new Error("enough");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 1);
    await assert.rejects(open({ ...VIRTUAL, signal: controller.signal }), (error) => error === reason);
  } finally {
    found.handle.close();
    found.context.close();
  }
});

test("a libusb that is not there is a native-library error", async () => {
  const libusb = "/nowhere/libusb-1.0.so";
  await assert.rejects(listDevices({ libusb }), { code: "native-library", message: /\/nowhere\/libusb-1\.0\.so/ });
  await assert.rejects(findCamera({ libusb }), { code: "native-library" });
});
