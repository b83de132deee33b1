import assert from "node:assert/strict";
import { test } from "node:test";
import { type CameraCriteria, chooseCamera } from "../../src/devices/find_camera.ts";
import { describeDevices } from "../../src/devices/device_list.ts";
import { NeuromorphicError } from "../../src/errors.ts";
import { from, ioError } from "../cameras/testing/transcript_camera.ts";
import { type MadeUpDevice, madeUpDevice, openHandles, serialBytes } from "./made_up_bus.ts";

const silkyStrings = { manufacturer: "CenturyArks", product: "SilkyEvCam HD v03.09.00C" };
const first = () => madeUpDevice({ serial: serialBytes(0x50abc) });
const second = () => madeUpDevice({ serial: serialBytes(0x50abd), ids: [0x31f7, 0x0003], ...silkyStrings });
const mouse = () => madeUpDevice({ ids: [0x046d, 0xc077] });
/** An EVK3 with a sensor that no driver knows. */
const evk3 = () => madeUpDevice({ ids: [0x04b4, 0x00f4], product: "EVK3", system: Uint8Array.of(0x28, 0) });

/** A pause that takes no time. */
const pause = () => Promise.resolve();

/** The error of choosing, after which no handle may be open. */
async function chooseError(devices: readonly MadeUpDevice[], wish: CameraCriteria): Promise<NeuromorphicError> {
  try {
    await chooseCamera(devices, wish, { pause });
  } catch (error) {
    assert.deepEqual(openHandles(devices), []);
    assert.ok(error instanceof NeuromorphicError, String(error));
    return error;
  }
  assert.fail("a camera was chosen");
}

test("without a wish the first camera is taken, and no other is opened", async () => {
  const devices = [mouse(), evk3(), first(), second()];
  const chosen = await chooseCamera(devices, {});
  assert.equal(chosen.usbDevice, devices[2]);
  assert.equal(chosen.serial, "00050ABC");
  assert.equal(chosen.driver.type, "prophesee-evk4");
  assert.deepEqual(openHandles(devices), [chosen.handle]);
  assert.deepEqual(devices.map(({ handles }) => handles.length), [0, 1, 1, 0]);
  // The four lines before read its name.
  assert.deepEqual(devices[2]!.handles[0]!.lines.slice(4, 6), ["AUTO_DETACH_KERNEL_DRIVER", "CLAIM 0"]);
});

test("a serial is compared as a hexadecimal number, and the others are closed", async () => {
  for (const serial of ["00050ABD", "00050abd", "50ABD", "50abd", "0000000000050ABD"]) {
    const devices = [first(), second(), mouse()];
    const chosen = await chooseCamera(devices, { serial });
    assert.equal(chosen.usbDevice, devices[1]);
    assert.deepEqual(openHandles(devices), [chosen.handle]);
  }
});

test("not found: the error tells what is there", async () => {
  const nothing = await chooseError([], {});
  assert.equal(nothing.code, "device-not-found");
  assert.equal(nothing.message, "camera not found; no supported camera is connected");
  assert.equal((await chooseError([mouse()], {})).message, nothing.message);
  const devices = [first(), evk3()];
  const [a, b] = devices.map(({ address }) => address);
  const other = await chooseError(devices, { serial: "50aff" });
  assert.equal(other.code, "device-not-found");
  assert.equal((await chooseError(devices, { serial: "50ABC0" })).code, "device-not-found");
  assert.equal(
    other.message,
    `camera with serial 50AFF not found; connected: Prophesee EVK4 00050ABC (bus 2, address ${a}); ` +
      `Prophesee EVK3 (bus 2, address ${b}): identify: has the ids of a supported camera, but is another device: ` +
      "system byte 0x28 instead of 0x31 (IMX636) or 0x35 (IMX646); system byte 0x28 instead of 0x30 (Gen4.1); " +
      "system byte 0x28 instead of 0x40 (GenX320) or 0x3b (GenX320MP)",
  );
});

test("a device with a camera's ids that is another one: open says what the list says", async () => {
  const devices = [mouse(), evk3()];
  const error = await chooseError(devices, {});
  assert.equal(error.code, "unsupported");
  const [listed] = await describeDevices(devices);
  assert.equal(error.message, `cannot open camera: ${listed!.error!.message}`);
  assert.equal(error.device, `Prophesee EVK3 (bus 2, address ${devices[1]!.address})`);
  const withBusy = await chooseError([evk3(), madeUpDevice({ openError: "busy" })], {});
  assert.equal(withBusy.code, "busy", "what may change says more");
  assert.match(withBusy.message, /system byte 0x28/);
});

test("two cameras of the wanted serial: the error names both places, and both are closed", async () => {
  const devices = [first(), second(), first()];
  const error = await chooseError(devices, { serial: "00050ABC" });
  assert.equal(error.code, "unsupported");
  const [a, , b] = devices.map(({ address }) => address);
  assert.match(error.message, new RegExp(`serial 00050ABC: bus 2, address ${a} and bus 2, address ${b};`));
  // Without a serial, neither of the two was asked for.
  assert.equal((await chooseCamera(devices, {})).usbDevice, devices[0]);
});

test("a camera that cannot be asked is no obstacle where another fits", async () => {
  const devices = [madeUpDevice({ openError: "busy" }), madeUpDevice({ openError: "permission-denied" }), first()];
  assert.equal((await chooseCamera(devices, {})).usbDevice, devices[2]);
  assert.equal((await chooseCamera(devices, { serial: "00050ABC" })).usbDevice, devices[2]);
});

test("where none fits, the error of the camera that could not be asked is thrown; permission goes first", async () => {
  const busy = madeUpDevice({ openError: "busy" });
  const forbidden = madeUpDevice({ openError: "permission-denied" });
  const broken = madeUpDevice({ fail: { at: from(6), error: ioError } });
  assert.equal((await chooseError([busy], {})).code, "busy");
  assert.equal((await chooseError([broken], {})).code, "io");
  assert.equal((await chooseError([broken, busy, mouse()], {})).code, "busy");
  const error = await chooseError([broken, busy, forbidden, second()], { serial: "00050ABC" });
  assert.equal(error.code, "permission-denied");
  assert.ok(error.cause instanceof NeuromorphicError);
  assert.equal(error.cause.code, "permission-denied");
  for (const part of [": open: busy", "LIBUSB_ERROR_IO", "CenturyArks SilkyEvCam HD v03.09.00C 00050ABD"]) {
    assert.ok(error.message.includes(part));
  }
});

test("the interface is not claimed: the handle is closed and the error kept", async () => {
  const claimed = madeUpDevice({ fail: { at: from(0), error: () => new NeuromorphicError("busy", "claim: BUSY") } });
  assert.equal((await chooseError([claimed], {})).code, "busy");
});

test("an error that is not ours passes as it is, with everything closed", async () => {
  const bug = new TypeError("a bug");
  const devices = [first(), madeUpDevice({ fail: { at: from(1), error: () => bug } })];
  await assert.rejects(chooseCamera(devices, { serial: "00050ABC" }), (error) => error === bug);
  assert.deepEqual(openHandles(devices), []);
});

/** A camera that another program uses until it was asked so often. */
function busyUntil(attempts: number, serial: number) {
  const device = madeUpDevice({ serial: serialBytes(serial) });
  const asked = { ...device, attempts: 0 };
  asked.open = (description) => {
    if (asked.attempts++ < attempts) throw new NeuromorphicError("busy", `${description}: open: busy`);
    return device.open(description);
  };
  return asked;
}

test("a camera that is busy is asked again, and only that one", async () => {
  const wanted = busyUntil(3, 0x50abd);
  const devices = [first(), wanted, madeUpDevice({ openError: "permission-denied" })];
  const chosen = await chooseCamera(devices, { serial: "00050ABD" }, { pause });
  assert.equal(chosen.usbDevice, wanted);
  assert.equal(wanted.attempts, 4);
  assert.equal(devices[0]!.handles.length, 1);
  assert.deepEqual(openHandles(devices), [chosen.handle]);
});

test("a camera that stays busy is asked for about a second", async () => {
  const wanted = busyUntil(Infinity, 0x50abc);
  const before = performance.now();
  await assert.rejects(chooseCamera([wanted], {}), { code: "busy" });
  const ms = performance.now() - before;
  assert.equal(wanted.attempts, 11);
  assert.ok(ms >= 500, `${ms} ms`);
});

test("an abort ends the asking with the signal's reason; the event loop goes on meanwhile", async () => {
  const controller = new AbortController();
  const wanted = busyUntil(Infinity, 0x50abc);
  const reason = new Error("enough");
  const choosing = chooseCamera([wanted], {}, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 1);
  await assert.rejects(choosing, (error) => error === reason);
  assert.equal(wanted.attempts, 1);
});

test("busy and then another one: the answer counts, and is told once", async () => {
  const error = await chooseError([busyUntil(2, 0x50abc)], { serial: "50aff" });
  assert.equal(error.code, "device-not-found");
  assert.match(error.message, /connected: Prophesee EVK4 00050ABC \(bus 2, address \d+\)$/);
});
