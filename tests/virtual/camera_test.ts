/** The USB layer from end to end, on the virtual camera's libusb. */

import assert from "node:assert/strict";
import process from "node:process";
import type { UsbContext } from "../../src/usb/context.ts";
import { type Libusb, loadLibusb } from "../../src/usb/libusb.ts";
import { configureVirtualBus, describeVirtualBus } from "../../src/virtual/bus.ts";
import type { VirtualCameraModel, VirtualCameraOptions } from "../../src/virtual/camera.ts";
import { virtualLibraryPath } from "../support/libraries.ts";
import { test } from "../support/test.ts";

async function loadVirtual(camera: VirtualCameraOptions = {}): Promise<Libusb> {
  await configureVirtualBus([{ serial: "00050ABC", ...camera }]);
  return await loadLibusb("virtual");
}

/** Ends the session also after a failure, so that the next test finds the camera free. */
async function withContext(run: (context: UsbContext) => void, camera: VirtualCameraOptions = {}): Promise<void> {
  const context = (await loadVirtual(camera)).createContext();
  try {
    run(context);
  } finally {
    context.close();
  }
}

/** GET_DESCRIPTOR of a string. */
const serialRequest = { requestType: 0x80, request: 6, value: 0x0303, index: 0x0409, length: 255, timeoutMs: 100 };

test("the library is the virtual one, and is known as such", {}, async () => {
  const libusb = await loadVirtual();
  assert.equal(libusb.path, virtualLibraryPath);
  assert.equal(libusb.isVirtual, true);
});

test("the camera is listed with its ids and speed", {}, async () => {
  await withContext((context) => {
    const devices = context.devices();
    assert.equal(devices.length, 1);
    const { vendorId, productId, bus, address, speed } = devices[0]!;
    assert.deepEqual([vendorId, productId, speed], [0x04b4, 0x00f5, "super"]);
    assert.ok(bus > 0 && address > 0);
  });
});

test("control requests are answered, and refused with STALL", {}, async () => {
  await withContext((context) => {
    const handle = context.devices()[0]!.open();
    handle.autoDetachKernelDriver();
    handle.claimInterface(0);
    const serial = handle.controlIn(serialRequest);
    assert.equal(new TextDecoder("utf-16le").decode(serial.subarray(2)), "00050ABC");
    assert.equal(handle.controlIn({ ...serialRequest, length: 4 }).length, 4);
    assert.throws(() => handle.controlIn({ ...serialRequest, request: 0x33 }), {
      code: "io",
      message: /LIBUSB_ERROR_PIPE/,
    });
  });
});

test("a bulk command is answered; without one nothing comes within the time", {}, async () => {
  await withContext((context) => {
    const handle = context.devices()[0]!.open();
    handle.claimInterface(0);
    assert.equal(handle.bulkIn(0x82, 1024, 20), undefined);
    const readSerial = Uint8Array.of(0x72, 0, 0, 0, 0, 0, 0, 0);
    handle.bulkOut(0x02, readSerial, 100);
    const reply = handle.bulkIn(0x82, 1024, 100);
    assert.deepEqual([reply?.length, reply?.[0]], [16, 0x72]);
    assert.deepEqual([...reply!.subarray(8, 12)], [0xbc, 0x0a, 0x05, 0x00]);
  });
});

test("a second claim of the same interface is busy", {}, async () => {
  await withContext((context) => {
    const [device] = context.devices();
    const [first, second] = [device!.open(), device!.open()];
    first.claimInterface(0);
    assert.throws(() => second.claimInterface(0), { code: "busy", operation: "claim interface 0" });
    first.close();
    second.claimInterface(0);
  });
});

test("nothing is left open, claimed or allocated", {}, async () => {
  const libusb = await loadVirtual();
  for (let times = 0; times < 100; times++) {
    const context = libusb.createContext();
    const handle = context.devices()[0]!.open();
    handle.claimInterface(0);
    handle.controlIn(serialRequest);
    context.close();
  }
  const { contexts, handles, claims, transfersAllocated } = await describeVirtualBus();
  assert.deepEqual([contexts, handles, claims, transfersAllocated], [0, 0, 0, 0]);
});

test("a camera that the user may not open is listed, and refused with the udev rules", {}, async () => {
  await withContext((context) => {
    const [device] = context.devices();
    assert.throws(() => device!.open(), {
      code: "permission-denied",
      operation: "open",
      message: process.platform === "linux" ? /LIBUSB_ERROR_ACCESS.*ATTR\{idProduct\}=="00f5"/ : /LIBUSB_ERROR_ACCESS/,
    });
  }, { permission: false });
});

test("an unplugged camera: what is under way and everything after it is told as disconnected", {}, async () => {
  await withContext((context) => {
    const handle = context.devices()[0]!.open();
    handle.claimInterface(0);
    handle.controlIn(serialRequest);
    assert.throws(() => handle.controlIn(serialRequest), { code: "disconnected", device: handle.description });
    assert.throws(() => handle.bulkIn(0x82, 16, 20), { code: "disconnected" });
    assert.throws(() => handle.bulkOut(0x02, Uint8Array.of(1), 20), { code: "disconnected" });
    assert.deepEqual(context.devices(), []);
    handle.close();
  }, { faults: [{ kind: "unplug", endpoint: 0, after: 1 }] });
});

const failures = [
  ["libusb_init", -99, "io"],
  ["libusb_get_device_list", -11, "io"],
  ["libusb_open", -6, "busy"],
  ["libusb_claim_interface", -12, "unsupported"],
  ["libusb_control_transfer", -1, "io"],
] as const;
for (const [name, code, expected] of failures) {
  test(`a failure of ${name} is thrown as ${expected}, and nothing stays open`, {}, async () => {
    const libusb = await loadVirtual({ faults: [{ kind: "error", function: name, code }] });
    assert.throws(() => {
      const context = libusb.createContext();
      try {
        const handle = context.devices()[0]!.open();
        handle.claimInterface(0);
        handle.controlIn(serialRequest);
      } finally {
        context.close();
      }
    }, { name: "NeuromorphicError", code: expected });
    const { contexts, handles, claims } = await describeVirtualBus();
    assert.deepEqual([contexts, handles, claims], [0, 0, 0]);
  });
}

const models = {
  "evk4": [0x04b4, 0x00f5, 0x31, "Prophesee", "EVK4"],
  "evk4-00f4": [0x04b4, 0x00f4, 0x31, "Prophesee", "EVK4"],
  "silkyevcam-hd": [0x31f7, 0x0003, 0x31, "CenturyArks", "SilkyEvCam HD v03.09.00C"],
  "evk3-hd": [0x04b4, 0x00f4, 0x30, "Prophesee", "EVK3"],
  "evk3-genx320": [0x04b4, 0x00f4, 0x3b, "Prophesee", "EVKCX3"],
  "evk3-genx320-es": [0x04b4, 0x00f4, 0x40, "Prophesee", "EVKCX3"],
  "silkyevcam-hd-lite": [0x31f7, 0x0004, 0x35, "CenturyArks", "SilkyEvCam HD Lite v03.09.01C"],
  "silkyevcam-vga": [0x31f7, 0x0002, 0x00, "CenturyArks", "SilkyEvCam Gen3.1 v03.09.00C"],
  "ueye-xcpe": [0x1409, 0x8e00, 0x31, "IDS Imaging Development Systems GmbH", "UE-39B0XCP"],
  "ueye-xlse": [0x1409, 0x8e00, 0x31, "IDS Imaging Development Systems GmbH", "UE-39B2XLS"],
} as const satisfies Record<VirtualCameraModel, unknown>;

/** What the only camera says of itself. */
function identityOf(context: UsbContext): unknown[] {
  const [device] = context.devices();
  const handle = device!.open();
  const text = (value: number) => {
    const bytes = handle.controlIn({ ...serialRequest, value });
    return new TextDecoder("utf-16le").decode(bytes.subarray(2));
  };
  const [system] = handle.controlIn({
    ...serialRequest,
    requestType: 0xc0,
    request: 0x72,
    value: 0,
    index: 0,
    length: 2,
  });
  return [device!.vendorId, device!.productId, system, text(0x0301), text(0x0302)];
}

test("every model has its ids, system byte and strings", {}, async () => {
  for (const [model, identity] of Object.entries(models)) {
    await withContext((context) => assert.deepEqual(identityOf(context), identity), {
      model: model as VirtualCameraModel,
    });
  }
});

test("a camera can say what no list knows", {}, async () => {
  await withContext(
    (context) => assert.deepEqual(identityOf(context).slice(3), ["", "Ünheard \u{1f9a4}\n"]),
    { manufacturer: "", product: "Ünheard \u{1f9a4}\n" },
  );
  await withContext(
    (context) => assert.equal(identityOf(context)[4], "SilkyEvCam HD v04.00.12C"),
    { model: "silkyevcam-hd", firmware: "4.0.12" },
  );
});

/** A read of the register of the bias "diffOn". */
const readDiffOn = Uint8Array.of(0x02, 0x01, 0x01, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10, 0, 0, 1, 0, 0, 0);

test("the biases' registers hold the chip's codes", {}, async () => {
  await withContext((context) => {
    const handle = context.devices()[0]!.open();
    handle.claimInterface(0);
    handle.bulkOut(0x02, readDiffOn, 100);
    assert.deepEqual([...handle.bulkIn(0x82, 1024, 100)!.subarray(16)], [110, 0x63, 0xa1, 0x01]);
  }, { biasCodes: [117, 96, 5, 110, 84, 66, 93, 31, 133, 129, 150, 112, 78] });
});

for (const unreadReply of ["wait", "replace"] as const) {
  test(`a request after a reply that an earlier program left: ${unreadReply}`, {}, async () => {
    const readSerial = Uint8Array.of(0x72, 0, 0, 0, 0, 0, 0, 0);
    await withContext((context) => {
      const [device] = context.devices();
      const first = device!.open();
      first.claimInterface(0);
      first.bulkOut(0x02, readSerial, 100);
      first.close();
      const second = device!.open();
      second.claimInterface(0);
      if (unreadReply === "wait") {
        assert.throws(() => second.bulkOut(0x02, readDiffOn, 5), { code: "io", message: /LIBUSB_ERROR_TIMEOUT/ });
        assert.equal(second.bulkIn(0x82, 1024, 100)?.[0], 0x72);
      }
      second.bulkOut(0x02, readDiffOn, 100);
      assert.equal(second.bulkIn(0x82, 1024, 100)?.[0], 0x02);
    }, { unreadReply });
  });
}
