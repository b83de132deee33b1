import assert from "node:assert/strict";
import { test } from "node:test";
import { type CameraCriteria, chooseCamera } from "../../src/devices/find_camera.ts";
import { NeuromorphicError } from "../../src/errors.ts";
import { from, ioError } from "../cameras/testing/transcript_camera.ts";
import { type MadeUpDevice, madeUpDevice, openHandles, serialBytes } from "./made_up_bus.ts";

const first = () => madeUpDevice({ serial: serialBytes(0x50abc) });
const second = () => madeUpDevice({ serial: serialBytes(0x50abd), ids: [0x31f7, 0x0003], manufacturer: "CenturyArks" });
const mouse = () => madeUpDevice({ ids: [0x046d, 0xc077] });
const evk3 = () => madeUpDevice({ ids: [0x04b4, 0x00f4], system: Uint8Array.of(0x30, 0) });

/** The error of choosing, after which no handle may be open. */
function chooseError(devices: readonly MadeUpDevice[], wish: CameraCriteria): NeuromorphicError {
  try {
    chooseCamera(devices, wish);
  } catch (error) {
    assert.deepEqual(openHandles(devices), []);
    assert.ok(error instanceof NeuromorphicError, String(error));
    return error;
  }
  assert.fail("a camera was chosen");
}

test("without a wish the first camera is taken, and no other is opened", () => {
  const devices = [mouse(), evk3(), first(), second()];
  const chosen = chooseCamera(devices, {});
  assert.equal(chosen.usbDevice, devices[2]);
  assert.equal(chosen.serial, "00050ABC");
  assert.equal(chosen.driver.type, "prophesee-evk4");
  assert.deepEqual(openHandles(devices), [chosen.handle]);
  assert.deepEqual(devices.map(({ handles }) => handles.length), [0, 1, 1, 0]);
  assert.deepEqual(devices[2]!.handles[0]!.lines.slice(0, 2), ["AUTO_DETACH_KERNEL_DRIVER", "CLAIM 0"]);
});

test("a serial is compared without regard to case, and the others are closed", () => {
  for (const serial of ["00050ABD", "00050abd"]) {
    const devices = [first(), second(), mouse()];
    const chosen = chooseCamera(devices, { serial });
    assert.equal(chosen.usbDevice, devices[1]);
    assert.deepEqual(openHandles(devices), [chosen.handle]);
  }
});

test("not found: the error tells what is there", () => {
  const nothing = chooseError([], {});
  assert.equal(nothing.code, "device-not-found");
  assert.equal(nothing.message, "camera not found; no supported camera is connected");
  assert.equal(chooseError([mouse()], {}).message, nothing.message);
  const devices = [first(), evk3()];
  const [a, b] = devices.map(({ address }) => address);
  const other = chooseError(devices, { serial: "50aff" });
  assert.equal(other.code, "device-not-found");
  assert.equal(
    other.message,
    `camera with serial 50AFF not found; connected: Prophesee EVK4 00050ABC (bus 2, address ${a}); ` +
      `another device with the ids of a Prophesee EVK4 (bus 2, address ${b})`,
  );
});

test("two cameras of the wanted serial: the error names both places, and both are closed", () => {
  const devices = [first(), second(), first()];
  const error = chooseError(devices, { serial: "00050ABC" });
  assert.equal(error.code, "unsupported");
  const [a, , b] = devices.map(({ address }) => address);
  assert.match(error.message, new RegExp(`serial 00050ABC: bus 2, address ${a} and bus 2, address ${b};`));
  // Without a serial, nobody asked for one of the two.
  assert.equal(chooseCamera(devices, {}).usbDevice, devices[0]);
});

test("a camera that cannot be asked is no obstacle where another fits", () => {
  const devices = [madeUpDevice({ openError: "busy" }), madeUpDevice({ openError: "permission-denied" }), first()];
  assert.equal(chooseCamera(devices, {}).usbDevice, devices[2]);
  assert.equal(chooseCamera(devices, { serial: "00050ABC" }).usbDevice, devices[2]);
});

test("where none fits, the error of the camera that could not be asked is thrown; permission goes first", () => {
  const busy = madeUpDevice({ openError: "busy" });
  const forbidden = madeUpDevice({ openError: "permission-denied" });
  const broken = madeUpDevice({ fail: { at: from(3), error: ioError } });
  assert.equal(chooseError([busy], {}).code, "busy");
  assert.equal(chooseError([broken], {}).code, "io");
  assert.equal(chooseError([broken, busy, mouse()], {}).code, "busy");
  const error = chooseError([broken, busy, forbidden, second()], { serial: "00050ABC" });
  assert.equal(error.code, "permission-denied");
  assert.ok(error.cause instanceof NeuromorphicError);
  assert.equal(error.cause.code, "permission-denied");
  for (const part of [": open: busy; ", "LIBUSB_ERROR_IO", "00050ABD"]) assert.ok(error.message.includes(part));
});

test("the interface is not claimed: the handle is closed and the error kept", () => {
  const claimed = madeUpDevice({ fail: { at: from(0), error: () => new NeuromorphicError("busy", "claim: BUSY") } });
  assert.equal(chooseError([claimed], {}).code, "busy");
});

test("an error that is not ours passes as it is, with everything closed", () => {
  const bug = new TypeError("a bug");
  const devices = [first(), madeUpDevice({ fail: { at: from(1), error: () => bug } })];
  assert.throws(() => chooseCamera(devices, { serial: "00050ABC" }), (error) => error === bug);
  assert.deepEqual(openHandles(devices), []);
});
