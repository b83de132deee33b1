import assert from "node:assert/strict";
import { type ErrorCode, NeuromorphicError } from "../../src/errors.ts";
import { lacksMemory, untriedError } from "../../src/protocol/failures.ts";
import { checkLibusb, libusbError, libusbErrorName } from "../../src/usb/errors.ts";
import { test } from "../support/test.ts";

const call = { operation: "open", device: "Prophesee EVK4 00050ABC" };

/** enum libusb_error of libusb.h. */
const errors: readonly (readonly [number, string, ErrorCode])[] = [
  [-1, "LIBUSB_ERROR_IO", "io"],
  [-2, "LIBUSB_ERROR_INVALID_PARAM", "io"],
  [-3, "LIBUSB_ERROR_ACCESS", "permission-denied"],
  [-4, "LIBUSB_ERROR_NO_DEVICE", "disconnected"],
  [-5, "LIBUSB_ERROR_NOT_FOUND", "unsupported"],
  [-6, "LIBUSB_ERROR_BUSY", "busy"],
  [-7, "LIBUSB_ERROR_TIMEOUT", "io"],
  [-8, "LIBUSB_ERROR_OVERFLOW", "io"],
  [-9, "LIBUSB_ERROR_PIPE", "io"],
  [-10, "LIBUSB_ERROR_INTERRUPTED", "io"],
  [-11, "LIBUSB_ERROR_NO_MEM", "io"],
  [-12, "LIBUSB_ERROR_NOT_SUPPORTED", "unsupported"],
  [-99, "LIBUSB_ERROR_OTHER", "io"],
  [-50, "LIBUSB_ERROR -50", "io"],
];

for (const [result, name, code] of errors) {
  test(`${name} is ${code}`, {}, () => {
    const error = libusbError(result, call, "linux");
    assert.equal(error.code, code);
    assert.equal(error.operation, "open");
    assert.equal(error.device, "Prophesee EVK4 00050ABC");
    assert.ok(error.message.startsWith("Prophesee EVK4 00050ABC: open: "), error.message);
    assert.ok(error.message.includes(`(${name})`), error.message);
    assert.equal(libusbErrorName(result), name);
    assert.throws(() => checkLibusb(result, call), { name: "NeuromorphicError", code });
  });
}

test("a lack of memory is known as such, also as the cause of another error", {}, () => {
  const memory = libusbError(-11, call);
  assert.equal(lacksMemory(memory), true);
  assert.equal(lacksMemory(new NeuromorphicError("io", "write register", { cause: memory })), true);
  for (
    const other of [libusbError(-1, call), new NeuromorphicError("io", "NO_MEM"), new Error("no", { cause: 1 }), -11]
  ) {
    assert.equal(lacksMemory(other), false);
  }
});

test("a printed error has what its documentation names, and no more", {}, () => {
  for (const error of [libusbError(-11, call), libusbError(-1, call), untriedError()]) {
    assert.deepEqual(Object.keys(error).sort(), ["code", "device", "name", "operation"]);
  }
});

test("results of zero and above are results", {}, () => {
  assert.equal(checkLibusb(0, call), 0);
  assert.equal(checkLibusb(18, call), 18);
});

test("errors say what to do about permissions and drivers on each system", {}, () => {
  assert.match(libusbError(-3, call, "darwin").message, /Another program or a driver holds the camera/);
  assert.match(libusbError(-3, call, "win32").message, /WinUSB driver/);
  assert.match(libusbError(-12, call, "win32").message, /WinUSB driver/);
  assert.doesNotMatch(libusbError(-12, call, "linux").message, /WinUSB/);
});

test("an error without a device names the operation alone", {}, () => {
  const error = libusbError(-99, { operation: "start libusb", device: undefined });
  assert.equal(error.message, "start libusb: libusb failed (LIBUSB_ERROR_OTHER)");
  assert.equal(error.device, undefined);
});
