/** The virtual camera as a page sees it: descriptors, states, errors and events of WebUSB. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVirtualUsb, type VirtualUsb } from "../../../src/web/virtual/virtual_usb.ts";
import type { VirtualWebOptions } from "../../../src/web/virtual/options.ts";
import type { UsbDevice } from "../../../src/web/usb_types.ts";
import { virtualCameraModule as module } from "./testing/module.ts";

async function plugged(camera: VirtualWebOptions = {}): Promise<{ usb: VirtualUsb; device: UsbDevice }> {
  const usb = await createVirtualUsb({ serial: "50abc", ...camera }, { module });
  const [device] = await usb.getDevices();
  return { usb, device: device! };
}

async function claimed(camera?: VirtualWebOptions): Promise<{ usb: VirtualUsb; device: UsbDevice }> {
  const found = await plugged(camera);
  await found.device.open();
  await found.device.claimInterface(0);
  return found;
}

/** GET_DESCRIPTOR of the device. */
const deviceDescriptor = {
  requestType: "standard",
  recipient: "device",
  request: 6,
  value: 0x0100,
  index: 0,
} as const;
/** The command that asks for the firmware's version, and its reply. */
const versionCommand = new Uint8Array([0x79, 0, 0, 0, 0, 0, 0, 0]);

function bytesOf(data: DataView | undefined): number[] {
  return Array.from(new Uint8Array(data!.buffer, data!.byteOffset, data!.byteLength));
}

test("a device shows the camera's ids, strings and endpoints", async () => {
  const { usb, device } = await plugged();
  assert.equal((await usb.getDevices())[0], device, "the same object each time");
  assert.deepEqual([device.vendorId, device.productId, device.usbVersionMajor], [0x04b4, 0x00f5, 3]);
  assert.deepEqual([device.manufacturerName, device.productName, device.serialNumber], [
    "Prophesee",
    "EVK4",
    "00050ABC",
  ]);
  assert.equal(device.configuration, device.configurations[0]);
  const [{ interfaceNumber, alternates }] = device.configuration!.interfaces as [
    (typeof device.configurations)[0]["interfaces"][0],
  ];
  assert.equal(interfaceNumber, 0);
  const endpoints = alternates[0]!.endpoints.map(({ direction, endpointNumber, packetSize }) =>
    `${direction} ${endpointNumber} ${packetSize}`
  );
  assert.deepEqual(endpoints.sort(), ["in 1 1024", "in 2 1024", "out 2 1024"]);
});

test("each model has its own identity, and several cameras stand on one bus", async () => {
  const models = ["silkyevcam-hd", "silkyevcam-vga", "evk3-genx320", "ueye-xcpe"] as const;
  const usb = await createVirtualUsb(models.map((model) => ({ model })), { module });
  assert.deepEqual(usb.describe().map(({ model, serial }) => [model, serial]), [
    ["silkyevcam-hd", "00000001"],
    ["silkyevcam-vga", "00000002"],
    ["evk3-genx320", "00000003"],
    ["ueye-xcpe", "00000004"],
  ]);
  const wanted = await usb.requestDevice({ filters: [{ vendorId: 1 }, { serialNumber: "00000003" }] });
  assert.equal(wanted, (await usb.getDevices())[2]);
  await assert.rejects(usb.requestDevice({ filters: [{ productId: 1 }] }), { name: "NotFoundError" });
});

test("control requests and commands are answered", async () => {
  const { device } = await claimed();
  const { data, status } = await device.controlTransferIn(deviceDescriptor, 18);
  assert.equal(status, "ok");
  assert.deepEqual(bytesOf(data).slice(8, 12), [0xb4, 0x04, 0xf5, 0x00]);
  const reply = device.transferIn(2, 1024);
  assert.deepEqual(await device.transferOut(2, versionCommand), { bytesWritten: 8, status: "ok" });
  const answer = await reply;
  assert.deepEqual(bytesOf(answer.data), [0x79, 0, 0, 0, 4, 0, 0, 0, 0, 9, 3, 0]);
  assert.deepEqual([answer.data!.byteOffset, answer.data!.buffer.byteLength], [0, 12]);
});

test("a refused request is a stall, also of a bulk endpoint until its halt is cleared", async () => {
  const { device } = await claimed({ faults: [{ kind: "stall", endpoint: 0x82 }] });
  assert.equal((await device.controlTransferIn({ ...deviceDescriptor, request: 0x33 }, 18)).status, "stall");
  await device.transferOut(2, versionCommand);
  for (let attempt = 0; attempt < 2; attempt++) {
    const { status, data } = await device.transferIn(2, 1024);
    assert.deepEqual([status, data!.byteLength], ["stall", 0]);
  }
  await device.clearHalt("in", 2);
  await device.transferOut(2, versionCommand);
  assert.equal((await device.transferIn(2, 1024)).status, "ok");
});

test("a reply goes to a transfer that waits for it, before the next request may replace it", async () => {
  const { device } = await claimed({ unreadReply: "replace" });
  const first = device.transferIn(2, 1024);
  const serialCommand = new Uint8Array([0x72, 0, 0, 0, 0, 0, 0, 0]);
  await Promise.all([device.transferOut(2, versionCommand), device.transferOut(2, serialCommand)]);
  assert.deepEqual([(await first).data!.getUint8(0), (await device.transferIn(2, 1024)).data!.getUint8(0)], [
    0x79,
    0x72,
  ]);
});

test("a babble resolves, a broken transfer rejects and loses its bytes", async () => {
  const { device } = await claimed({
    faults: [{ kind: "overflow", endpoint: 0x82 }, { kind: "protocol-error", endpoint: 0x82, after: 1 }],
  });
  await device.transferOut(2, versionCommand);
  assert.equal((await device.transferIn(2, 1024)).status, "babble");
  await assert.rejects(device.transferIn(2, 1024), { name: "NetworkError" });
  assert.equal((await device.transferIn(2, 1024)).status, "ok");
});

test("a call out of its state or place is refused by its name", async () => {
  const { device } = await plugged();
  const refused = async (call: () => Promise<unknown>, name: string) => await assert.rejects(call(), { name });
  await refused(() => device.claimInterface(0), "InvalidStateError");
  await refused(() => device.controlTransferIn(deviceDescriptor, 18), "InvalidStateError");
  await device.open();
  await device.open();
  await refused(() => device.transferIn(1, 1024), "NotFoundError");
  await refused(() => device.claimInterface(1), "NotFoundError");
  await refused(() => device.selectConfiguration(2), "NotFoundError");
  await refused(() => device.selectAlternateInterface(0, 0), "InvalidStateError");
  await device.claimInterface(0);
  await device.claimInterface(0);
  await refused(() => device.transferIn(0x81, 1024), "IndexSizeError");
  await refused(() => device.transferIn(3, 1024), "NotFoundError");
  await refused(() => device.transferOut(1, new Uint8Array(1)), "NotFoundError");
  await refused(() => device.selectAlternateInterface(0, 1), "NotFoundError");
  await refused(() => device.transferIn(1, (32 << 20) + 1), "DataError");
  await refused(() => device.transferIn(1, -1), "TypeError");
  await refused(() => device.controlTransferIn(deviceDescriptor, 0x10000), "TypeError");
  await device.selectAlternateInterface(0, 0);
  await device.selectConfiguration(1);
  await refused(() => device.transferIn(1, 1024), "NotFoundError");
});

test("a user without the right to open gets SecurityError", async () => {
  const { device } = await plugged({ permission: false });
  await assert.rejects(device.open(), { name: "SecurityError" });
  assert.equal(device.opened, false);
});

test("queued transfers end when the interface is released and when the device is closed", async () => {
  const { device } = await claimed();
  const released = [device.transferIn(1, 1024), device.transferIn(2, 1024)].map((transfer) =>
    assert.rejects(transfer, { name: "NetworkError" })
  );
  await device.releaseInterface(0);
  await Promise.all(released);
  await device.claimInterface(0);
  const closed = assert.rejects(device.transferIn(1, 1024), { name: "AbortError" });
  await device.close();
  await closed;
  assert.equal(device.opened, false);
  await device.open();
});

test("queued transfers take memory, of which there is as much as on Linux", async () => {
  const { device } = await claimed();
  const queued = Array.from({ length: 128 }, () => assert.rejects(device.transferIn(1, 128 << 10)));
  await assert.rejects(device.transferIn(1, 1), { name: "NetworkError" });
  await device.close();
  await Promise.all(queued);
});

test("unplugging ends what is queued, is told, and nothing works afterwards", async () => {
  const { usb, device } = await claimed();
  const told: unknown[] = [];
  usb.addEventListener("disconnect", (event) => told.push(event.device));
  usb.addEventListener("connect", (event) => told.push(event.device.serialNumber));
  const queued = assert.rejects(device.transferIn(1, 1024), { name: "NetworkError" });
  usb.unplug(device);
  await queued;
  assert.deepEqual([device.opened, await usb.getDevices()], [false, []]);
  for (const call of [() => device.open(), () => device.close(), () => device.transferIn(1, 1024)]) {
    await assert.rejects(call, { name: "NotFoundError", message: "The device was disconnected." });
  }
  const again = await usb.plugIn({ serial: "50abc" });
  assert.notEqual(again, device);
  assert.deepEqual(told, [device, "00050ABC"]);
  assert.deepEqual(usb.describe().map(({ present }) => present), [false, true]);
});

test("a camera that a fault unplugs is gone for the page", async () => {
  const { usb, device } = await claimed({ faults: [{ kind: "unplug", endpoint: 2, after: 1 }] });
  await device.transferOut(2, versionCommand);
  const unread = assert.rejects(device.transferIn(1, 1024), { name: "NetworkError" });
  await device.transferIn(2, 1024);
  await assert.rejects(device.transferOut(2, versionCommand), { name: "NetworkError" });
  await unread;
  assert.deepEqual(await usb.getDevices(), []);
});

test("closing the bus unplugs all, and gives the places of the model's cameras back", async () => {
  const usb = await createVirtualUsb([], { module });
  for (let round = 0; round < 20; round++) {
    usb.unplug(await usb.plugIn({ source: { kind: "sequence", intervalUs: 4096 } }));
  }
  await usb.plugIn();
  usb.close();
  assert.deepEqual(await usb.getDevices(), []);
  assert.equal(usb.describe().length, 21);
});

test("wrong options are named before anything is plugged in", async () => {
  const wrong: readonly [unknown, string, RegExp][] = [
    [{ model: "evk5" }, "RangeError", /^camera\.model must be one of .*evk4/],
    [[{}, { serial: "x" }], "RangeError", /^cameras\[1\]\.serial must be/],
    [{ source: { kind: "recording", path: "a.raw" } }, "TypeError", /^camera\.source has no option "path"/],
    [
      { source: { kind: "recording", file: "a.raw" } },
      "TypeError",
      /^camera\.source\.file must be a Blob or a Uint8Array/,
    ],
    [{ source: { kind: "pattern" }, triggerHz: 5 }, "RangeError", /^camera\.triggerHz must be 0 with a pattern/],
    [
      { faults: [{ kind: "error", function: "libusb_open" }] },
      "RangeError",
      /^camera\.faults\[0\] must be a fault of an/,
    ],
    [{ libusb: "virtual" }, "TypeError", /^camera has no option "libusb"/],
  ];
  for (const [options, name, message] of wrong) {
    await assert.rejects(createVirtualUsb(options as VirtualWebOptions, { module }), { name, message });
  }
});

test("a recording that is none is refused by its name", async () => {
  const file = new File(["no header"], "holiday.raw");
  await assert.rejects(createVirtualUsb({ source: { kind: "recording", file } }, { module }), {
    name: "NeuromorphicError",
    code: "io",
    message: "create virtual camera: camera.source.path: holiday.raw: not a Prophesee RAW file: " +
      'its header of lines "% key value" is missing',
  });
});

test("a module that is not there, or is none, is told", async () => {
  const failure = { name: "NeuromorphicError", code: "native-library", message: /^load virtual camera: / };
  await assert.rejects(createVirtualUsb({}, { module: new Uint8Array([1, 2, 3]) }), failure);
  await assert.rejects(createVirtualUsb({}, { module: new Response("not found", { status: 404 }) }), failure);
});
