/** Each camera of the table over WebUSB: what it is, and that what its program gets is what the camera sent. */

import assert from "node:assert/strict";
import { configureVirtualBus, describeVirtualBus, type VirtualCameraModel } from "../../mod.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";
import { type CameraType, getDevices, open } from "../../src/web/mod.ts";
import { TestUsb } from "./testing/usb_device.ts";

const cameras: readonly (readonly [VirtualCameraModel, CameraType, name: string])[] = [
  ["evk4", "prophesee-evk4", "Prophesee EVK4"],
  ["evk4-00f4", "prophesee-evk4", "Prophesee EVK4"],
  ["silkyevcam-hd", "prophesee-evk4", "CenturyArks SilkyEvCam HD v03.09.00C"],
  ["evk3-hd", "prophesee-evk3-hd", "Prophesee EVK3"],
  ["silkyevcam-vga", "centuryarks-vga", "CenturyArks SilkyEvCam Gen3.1"],
  ["evk3-genx320", "prophesee-evk3-genx320", "Prophesee EVKCX3"],
  ["ueye-xcpe", "prophesee-evk4", "IDS"],
];

for (const [model, type, name] of cameras) {
  test(`${model}: found, opened as ${type}, and every byte and event accounted for`, slow, async () => {
    await configureVirtualBus([{ model, serial: "00050ABC", bytesPerSecond: 500_000 }]);
    await using usb = await TestUsb.open();
    const [usbDevice] = await getDevices({ usb });
    const device = await open(usbDevice!, { usb });
    assert.equal(device.type, type);
    assert.ok(device.name.startsWith(name), device.name);
    assert.equal(device.serial, "00050ABC");
    assert.equal(device.speed, "super");
    let [bytes, events, dropped] = [0, 0, 0];
    for await (const { status, packet } of device) {
      bytes += status.bytes;
      dropped += status.droppedBytes;
      events += packet.polarityEvents?.t.length ?? 0;
      if (bytes > 100_000) break;
    }
    await device.close();
    const { statistics } = device;
    const { bytesEmitted } = (await describeVirtualBus()).cameras[0]!;
    assert.equal(dropped, 0);
    assert.equal(statistics.bytes, bytes + statistics.backlogBytes);
    assert.equal(statistics.bytes, bytesEmitted);
    assert.equal(statistics.decoder?.polarityEvents, events);
    assert.ok(events > 1000);
  });
}
