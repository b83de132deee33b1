/** Discovery and bring-up through the real path: FFI, control plane, and the virtual camera in place of libusb. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { configureVirtualBus, describeVirtualBus } from "../../src/virtual/bus.ts";
import { listDevices, printDeviceList } from "../../src/devices/discovery.ts";
import { open } from "../../src/devices/open.ts";
import type { VirtualCameraOptions } from "../../src/virtual/camera.ts";
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

test("cameras are called by what their strings say: in the list, as devices, in errors", async () => {
  await configureVirtualBus([{ model: "silkyevcam-hd", serial: "00050ABC" }]);
  const name = "CenturyArks SilkyEvCam HD v03.09.00C";
  assert.equal((await listDevices(VIRTUAL))[0]?.name, name);
  await using device = await open({ ...VIRTUAL, type: "prophesee-evk4" });
  assert.equal(device.name, name);
  // Its strings are read without a claim, so a camera in use has its name, too.
  const [listed] = await listDevices(VIRTUAL);
  assert.deepEqual([listed?.name, listed?.error?.code], [name, "busy"]);
  assert.ok(listed!.error!.message.startsWith(`${name} (bus 1, address `), listed!.error!.message);
  device.close();
  assert.throws(() => device.sensors.temperatureCelsius(), { code: "closed", device: new RegExp(`^${name} 00050ABC`) });
  await configureVirtualBus();
});

test("each model of the virtual camera opens with its name and its sensor, and so does one without a name", async () => {
  const cameras: readonly (readonly [VirtualCameraOptions, name: string, sensor: string])[] = [
    [{ model: "evk4-00f4" }, "Prophesee EVK4", "IMX636"],
    [{ model: "silkyevcam-hd-lite" }, "CenturyArks SilkyEvCam HD Lite v03.09.01C", "IMX646"],
    [{ model: "ueye-xlse" }, "IDS Imaging Development Systems GmbH UE-39B2XLS", "IMX636"],
    [{ product: "EVK4 of next year", manufacturer: "Another Maker" }, "Another Maker EVK4 of next year", "IMX636"],
    [{ product: "EVK4", manufacturer: "" }, "EVK4", "IMX636"],
    [{ product: "", model: "ueye-xcpe" }, "IDS uEye XCP-E or XLS-E", "IMX636"],
    [{ product: "x".repeat(126), manufacturer: "" }, "x".repeat(126), "IMX636"],
  ];
  for (const [camera, name, sensor] of cameras) {
    await configureVirtualBus([camera]);
    await using device = await open(VIRTUAL);
    assert.deepEqual([device.name, device.properties.sensor], [name, `Prophesee/Sony ${sensor}`]);
  }
  await configureVirtualBus();
});

test("a program sees that the firmware is too old, and the camera streams all the same", async () => {
  await configureVirtualBus([{ firmware: "3.6.20" }]);
  await using device = await open(VIRTUAL);
  assert.equal(device.firmware.version, "3.6.20");
  assert.match(device.firmware.warning!, /^firmware 3\.6\.20 is older than 3\.8\.0, /);
  for await (const { status } of device) if (status.bytes > 0) break;
  device.close();
  await configureVirtualBus([{ firmware: "3.8.0" }]);
  await using newer = await open(VIRTUAL);
  assert.equal(newer.firmware.warning, undefined);
  newer.close();
  await configureVirtualBus();
});

/** Faults on the control endpoint while a camera is asked for its strings, and what it is called then. */
const SILENT_STRINGS = [
  ["the device descriptor", 0, "CenturyArks SilkyEvCam HD"],
  ["the languages", 1, "CenturyArks SilkyEvCam HD"],
  ["the product", 2, "CenturyArks SilkyEvCam HD"],
  ["the manufacturer", 3, "SilkyEvCam HD v03.09.00C"],
] as const;

for (const [what, after, name] of SILENT_STRINGS) {
  test(`a camera that stalls when it is asked for ${what} is listed and opened`, async () => {
    const stall = () =>
      configureVirtualBus([{ model: "silkyevcam-hd", faults: [{ kind: "stall", endpoint: 0, after }] }]);
    await stall();
    assert.deepEqual((await listDevices(VIRTUAL)).map((listed) => [listed.name, listed.error]), [[name, undefined]]);
    await stall();
    await using device = await open(VIRTUAL);
    assert.equal(device.name, name);
    device.close();
    await configureVirtualBus();
  });
}

test("a board whose registers are not those of a sensor we know is refused, and nothing stays open", async () => {
  // Serial; then release, date, serial, count and texts of the device; then its registers.
  const fault = { kind: "failure-flag", endpoint: 0x82, after: 7, times: 0 } as const;
  await configureVirtualBus([{ faults: [fault] }]);
  await assert.rejects(open(VIRTUAL), {
    code: "unsupported",
    operation: "find the sensor",
    device: /^Prophesee EVK4 00000001 \(bus 1, address \d+\)$/,
    message: /device 0 "psee,ccam5_imx636".* chip id unreadable, variant unreadable; an IMX636 or an IMX646 is needed$/,
  });
  const { handles, claims, contexts } = await describeVirtualBus();
  assert.deepEqual([handles, claims, contexts], [0, 0, 0]);
  await configureVirtualBus();
});
