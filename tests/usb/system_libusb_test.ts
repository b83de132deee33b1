/** The real libusb of this system. What is plugged in is not known here. */

import assert from "node:assert/strict";
import { loadLibusb } from "../../src/usb/libusb.ts";
import { skipWithoutLibusb, systemLibusbPath } from "../support/libraries.ts";
import { test } from "../support/test.ts";

test("the system's libusb loads, starts and lists", { skip: skipWithoutLibusb }, async () => {
  const libusb = await loadLibusb("system");
  assert.equal(await loadLibusb("system"), libusb, "loaded once");
  assert.equal(libusb.path, systemLibusbPath);
  assert.equal(libusb.isVirtual, false);
  assert.match(libusb.version, /^1\.0\.\d+$/);
  const context = libusb.createContext();
  for (const { vendorId, bus, speed } of context.devices()) {
    assert.ok(vendorId > 0 && bus > 0 && speed.length > 0);
  }
  context.close();
});

test("a context can be made again and again", { skip: skipWithoutLibusb }, async () => {
  const libusb = await loadLibusb(systemLibusbPath!);
  for (let times = 0; times < 20; times++) {
    const context = libusb.createContext();
    context.devices();
    context.close();
  }
});
