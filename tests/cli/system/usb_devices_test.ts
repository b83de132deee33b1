import assert from "node:assert/strict";
import { test } from "node:test";
import { findUsbDevice, readUsbDevices } from "../../../src/cli/system/usb_devices.ts";
import { fakeFiles, usbTree } from "../testing/fake_files.ts";

test("devices are read with port, speed and drivers; interfaces and root hubs are none", () => {
  const files = fakeFiles({
    ...usbTree([
      { port: "2-1.4", id: "04b4:00f5", address: 7, driver: "usbfs" },
      { port: "1-3", id: "046d:c077", address: 12, speed: "1.5", driver: "usbhid" },
      { port: "4-1", id: "31f7:0003", address: 2, speed: "20000" },
    ]),
    "/sys/bus/usb/devices/usb2/idVendor": "1d6b\n",
    "/sys/bus/usb/devices/2-0:1.0/bInterfaceNumber": "00\n",
  });
  const devices = readUsbDevices(files);
  assert.deepEqual(devices[0], {
    port: "2-1.4",
    vendorId: 0x04b4,
    productId: 0x00f5,
    bus: 2,
    address: 7,
    speed: "super",
    drivers: ["usbfs"],
  });
  assert.deepEqual(devices.map(({ port, speed, drivers }) => [port, speed, drivers]), [
    ["2-1.4", "super", ["usbfs"]],
    ["1-3", "low", ["usbhid"]],
    ["4-1", "super-plus", []],
  ]);
  assert.equal(findUsbDevice(devices, { bus: 1, address: 12 })?.port, "1-3");
  assert.equal(findUsbDevice(devices, { bus: 1, address: 7 }), undefined);
});

test("drivers are those of the device's own interfaces", () => {
  const files = fakeFiles(usbTree([
    { port: "1-1", id: "04b4:00f5", address: 1 },
    { port: "1-11", id: "04b4:00f5", address: 2, driver: "uvcvideo" },
  ]));
  assert.deepEqual(readUsbDevices(files).map(({ drivers }) => drivers), [[], ["uvcvideo"]]);
});

test("a device that was unplugged just now is left out, and so is all without sysfs", () => {
  const tree = { ...usbTree([{ port: "1-1", id: "04b4:00f5", address: 3 }]) };
  delete (tree as Record<string, string>)["/sys/bus/usb/devices/1-1/devnum"];
  assert.deepEqual(readUsbDevices(fakeFiles(tree)), []);
  assert.deepEqual(readUsbDevices(fakeFiles({})), []);
});
