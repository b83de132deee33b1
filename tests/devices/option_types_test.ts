import assert from "node:assert/strict";
import { test } from "node:test";
import { listDevices, type ListDevicesOptions, open, printDeviceList, watchDevices } from "../../mod.ts";

const missing = "/nonexistent/libusb.so";

test("open, listDevices and watchDevices refuse unknown options and wrong types before they load a libusb", async () => {
  for (const act of [open, listDevices, printDeviceList, watchDevices]) {
    const given = (options: object) => act(options as ListDevicesOptions);
    await assert.rejects(given({ libusb: missing, libsub: "virtual" }), {
      name: "TypeError",
      message: /has no option "libsub"$/,
    });
    await assert.rejects(given({ libusb: missing, toString: "virtual" }), /has no option "toString"/);
    await assert.rejects(given({ libusb: 5 }), {
      name: "TypeError",
      message: "libusb must be of type string, not number",
    });
    await assert.rejects(given({ libusb: null }), /libusb must be of type string, not null/);
    await assert.rejects(given({ libusb: missing }), { code: "native-library" });
  }
});
