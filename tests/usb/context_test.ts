import assert from "node:assert/strict";
import type { LibusbLibrary } from "../../src/native/libusb_library.ts";
import type { Native } from "../../src/native/native.ts";
import { UsbContext } from "../../src/usb/context.ts";
import { test } from "../support/test.ts";
import { fill, madeUpLibusb, setAddress } from "./made_up_libusb.ts";

/** A device descriptor with the EVK4's ids. */
const descriptor = Uint8Array.of(18, 1, 0, 3, 0, 0, 0, 9, 0xb4, 0x04, 0xf5, 0x00, 0, 1, 1, 2, 3, 1);

/** The functions of the native library that watch what is open; their calls are noted with libusb's. */
function watchingSymbols(calls: string[]) {
  const noted = (name: string) => (...parameters: unknown[]) => (calls.push(`${name}(${parameters.at(-1)})`), 0);
  const names = ["nd_context_watch", "nd_context_forget", "nd_device_watch", "nd_device_forget"];
  return Object.fromEntries(names.map((name) => [name, noted(name)]));
}

/** A bus whose list lies at address 0x1000 and has these libusb_device *. */
function madeUpBus(devices: bigint[], functions: Partial<LibusbLibrary["symbols"]> = {}) {
  const { library, calls } = madeUpLibusb({
    libusb_init: (context) => (setAddress(context, 0xc0n), 0),
    libusb_get_device_list: (_context, list) => (setAddress(list, 0x1000n), devices.length),
    libusb_get_device_descriptor: (_device, output) => (fill(output, descriptor), 0),
    libusb_get_bus_number: () => 3,
    libusb_get_device_address: (device) => Number(device & 0xffn),
    libusb_get_device_speed: () => 4,
    libusb_open: (device, handle) => (setAddress(handle, device + 0xd000n), 0),
    ...functions,
  });
  const native = {
    copyMemory(address: bigint, length: number) {
      assert.equal(address, 0x1000n);
      assert.equal(length, 8 * devices.length);
      return new Uint8Array(BigUint64Array.from(devices).buffer);
    },
    symbols: watchingSymbols(calls),
  } as unknown as Native;
  return { context: new UsbContext(native, library), calls };
}

const named = (calls: readonly string[], name: string) => calls.filter((call) => call.startsWith(`${name}(`));

test("devices are described from what the system knows", {}, () => {
  const { context } = madeUpBus([0x11n]);
  assert.equal(context.address, 0xc0n);
  const [device] = context.devices();
  assert.ok(device !== undefined);
  const { vendorId, productId, bus, address, speed, description } = device;
  assert.deepEqual({ vendorId, productId, bus, address, speed }, {
    vendorId: 0x04b4,
    productId: 0x00f5,
    bus: 3,
    address: 0x11,
    speed: "super",
  });
  assert.equal(description, "USB device 04b4:00f5 (bus 3, address 17)");
});

test("speeds have names, unknown ones too", {}, () => {
  const names = [0, 1, 2, 3, 4, 5, 6, 7].map((speed) => {
    return madeUpBus([1n], { libusb_get_device_speed: () => speed }).context.devices()[0]!.speed;
  });
  assert.deepEqual(names, ["unknown", "low", "full", "high", "super", "super-plus", "super-plus", "unknown"]);
});

test("listing again gives the same devices, and holds one reference of each", {}, () => {
  const devices = [0x11n, 0x12n];
  const { context, calls } = madeUpBus(devices);
  const [first] = context.devices();
  assert.equal(context.devices()[0], first);
  devices.length = 1;
  assert.equal(context.devices().length, 1);
  assert.deepEqual(named(calls, "libusb_ref_device"), ["libusb_ref_device(17)", "libusb_ref_device(18)"]);
  assert.deepEqual(named(calls, "libusb_free_device_list"), Array(3).fill("libusb_free_device_list(4096,1)"));
  context.close();
  assert.deepEqual(named(calls, "libusb_unref_device"), ["libusb_unref_device(17)", "libusb_unref_device(18)"]);
});

test("the list is freed also where a descriptor cannot be read", {}, () => {
  const { context, calls } = madeUpBus([0x11n], { libusb_get_device_descriptor: () => -1 });
  assert.throws(() => context.devices(), { code: "io", operation: "read device descriptor" });
  assert.equal(named(calls, "libusb_free_device_list").length, 1);
  context.close();
  assert.equal(named(calls, "libusb_ref_device").length, named(calls, "libusb_unref_device").length);
});

test("close closes what is open first, then frees, once", {}, () => {
  const { context, calls } = madeUpBus([0x11n]);
  const [device] = context.devices();
  const [left, closed] = [device!.open(), device!.open("EVK4 00050ABC")];
  assert.equal(left.nativeHandle, 0xd011n);
  assert.equal(left.description, device!.description);
  assert.equal(closed.description, "EVK4 00050ABC");
  closed.close();
  calls.length = 0;
  context.close();
  context.close();
  assert.deepEqual(calls, [
    "nd_device_forget(53265)",
    "libusb_close(53265)",
    "libusb_unref_device(17)",
    "nd_context_forget(192)",
    "libusb_exit(192)",
  ]);
  assert.throws(() => context.devices(), { code: "closed" });
});

test("failures to start, list and open name what was done", {}, () => {
  assert.throws(() => madeUpBus([], { libusb_init: () => -99 }), { code: "io", operation: "start libusb" });
  const { context } = madeUpBus([], { libusb_get_device_list: () => -11 });
  assert.throws(() => context.devices(), { code: "io", operation: "list devices" });
  const [device] = madeUpBus([0x11n], { libusb_open: () => -3 }).context.devices();
  assert.throws(() => device!.open("EVK4"), { code: "permission-denied", operation: "open", device: "EVK4" });
});
