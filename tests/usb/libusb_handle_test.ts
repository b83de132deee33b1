import assert from "node:assert/strict";
import { LibusbHandle } from "../../src/usb/libusb_handle.ts";
import type { LibusbLibrary } from "../../src/native/libusb_library.ts";
import { test } from "../support/test.ts";
import { fill, madeUpLibusb, setCount } from "./made_up_libusb.ts";

function openHandle(functions: Partial<LibusbLibrary["symbols"]> = {}) {
  const { library, calls } = madeUpLibusb(functions);
  let closed = 0;
  const handle = new LibusbHandle({ library, nativeHandle: 7n, description: "EVK4", beforeClose: () => closed += 1 });
  return { handle, calls, closedTimes: () => closed };
}

const request = { requestType: 0xc0, request: 0x72, value: 1, index: 2, length: 4, timeoutMs: 100 };

test("a control request passes its fields and returns what came, as a copy", {}, () => {
  const { handle, calls } = openHandle({
    libusb_control_transfer: (_handle, _type, _request, value, _index, data) => {
      fill(data, [value, 10, 11]);
      return 3;
    },
  });
  const first = handle.controlIn(request);
  assert.deepEqual(calls, ["libusb_control_transfer(7,192,114,1,2,buffer,4,100)"]);
  const second = handle.controlIn({ ...request, value: 9 });
  assert.deepEqual([...first], [1, 10, 11], "the second call does not change the first's result");
  assert.deepEqual([...second], [9, 10, 11]);
});

test("a control request to the device passes its fields and sends all bytes or throws", {}, () => {
  let taken = 3;
  const { handle, calls } = openHandle({ libusb_control_transfer: () => taken });
  const { length: _, ...fields } = request;
  const out = { ...fields, requestType: 0x40, bytes: Uint8Array.of(1, 2, 3) };
  handle.controlOut(out);
  assert.deepEqual(calls, ["libusb_control_transfer(7,64,114,1,2,buffer,3,100)"]);
  taken = 2;
  assert.throws(() => handle.controlOut(out), {
    code: "io",
    operation: "control request 0x72",
    message: "EVK4: control request 0x72: only 2 of 3 bytes were taken",
  });
});

test("calls lend libusb one buffer again and again; it grows for a larger read", {}, () => {
  const lent = new Set<ArrayBufferLike>();
  const { handle } = openHandle({
    libusb_bulk_transfer: (_handle, _endpoint, data, length, transferred) => {
      lent.add(data!.buffer);
      assert.ok(data!.byteLength >= length);
      setCount(transferred, 1);
      return 0;
    },
  });
  for (let times = 0; times < 10; times++) handle.bulkIn(0x82, 1024, 100);
  assert.equal(lent.size, 1);
  assert.equal(handle.bulkIn(0x82, 100_000, 100)!.length, 1);
  assert.equal(lent.size, 2);
});

test("a bulk read returns the bytes received, undefined where nothing came in time", {}, () => {
  const answers = [[0, 2], [-7, 0], [-7, 1]] as const; // result, bytes received
  let next = 0;
  const { handle } = openHandle({
    libusb_bulk_transfer: (_handle, _endpoint, data, _length, transferred) => {
      const [result, received] = answers[next++]!;
      fill(data, [5, 6]);
      setCount(transferred, received);
      return result;
    },
  });
  assert.deepEqual(handle.bulkIn(0x82, 16, 100), Uint8Array.of(5, 6));
  assert.equal(handle.bulkIn(0x82, 16, 100), undefined);
  assert.deepEqual(handle.bulkIn(0x82, 16, 100), Uint8Array.of(5), "bytes before the time was over are kept");
});

test("a count of bytes that cannot be is no reply", {}, () => {
  for (const count of [17, -1, 2 ** 31 - 1]) {
    const { handle } = openHandle({
      libusb_bulk_transfer: (_handle, _endpoint, _data, _length, transferred) => {
        setCount(transferred, count);
        return 0;
      },
      libusb_control_transfer: () => 17,
    });
    const message = `EVK4: receive from endpoint 0x82: libusb tells of ${count} bytes, where there is room for 16`;
    assert.throws(() => handle.bulkIn(0x82, 16, 100), { code: "io", message });
    assert.throws(() => handle.controlIn({ ...request, length: 16 }), { code: "io", message: /tells of 17 bytes/ });
  }
});

test("a bulk write sends all bytes or throws", {}, () => {
  let taken = 3;
  const { handle, calls } = openHandle({
    libusb_bulk_transfer: (_handle, _endpoint, _data, _length, transferred) => {
      setCount(transferred, taken);
      return 0;
    },
  });
  handle.bulkOut(0x02, Uint8Array.of(1, 2, 3), 250);
  assert.deepEqual(calls, ["libusb_bulk_transfer(7,2,buffer,3,buffer,250)"]);
  taken = 2;
  assert.throws(() => handle.bulkOut(0x02, Uint8Array.of(1, 2, 3), 250), {
    code: "io",
    operation: "send 3 bytes to endpoint 0x02",
    message: "EVK4: send 3 bytes to endpoint 0x02: only 2 of 3 bytes were taken",
  });
});

test("a STALL of a bulk endpoint is an error, and the halt is cleared at once", {}, () => {
  const { handle, calls } = openHandle({ libusb_bulk_transfer: () => -9, libusb_clear_halt: () => -4 });
  const stalled = { code: "io", message: /LIBUSB_ERROR_PIPE/ }; // also where clearing it fails
  assert.throws(() => handle.bulkOut(0x02, Uint8Array.of(1), 10), stalled);
  assert.throws(() => handle.bulkIn(0x82, 16, 10), stalled);
  const clears = calls.filter((call) => call.startsWith("libusb_clear_halt"));
  assert.deepEqual(clears, ["libusb_clear_halt(7,2)", "libusb_clear_halt(7,130)"]);
});

test("a halt is cleared, an alternate setting selected, and libusb's refusal of either thrown", {}, () => {
  let result = 0;
  const { handle, calls } = openHandle({
    libusb_clear_halt: () => result,
    libusb_set_interface_alt_setting: () => result,
  });
  handle.clearHalt(0x81);
  handle.selectAlternateSetting(1, 2);
  assert.deepEqual(calls, ["libusb_clear_halt(7,129)", "libusb_set_interface_alt_setting(7,1,2)"]);
  result = -9;
  assert.throws(() => handle.clearHalt(0x81), { code: "io", operation: "clear the halt of endpoint 0x81" });
  assert.throws(() => handle.selectAlternateSetting(1, 2), {
    code: "io",
    operation: "select alternate setting 2 of interface 1",
  });
});

test("libusb's errors are thrown with operation and device", {}, () => {
  const { handle } = openHandle({
    libusb_claim_interface: () => -6,
    libusb_control_transfer: () => -9,
    libusb_bulk_transfer: () => -7,
  });
  assert.throws(() => handle.claimInterface(0), { code: "busy", operation: "claim interface 0", device: "EVK4" });
  assert.throws(() => handle.controlIn(request), { code: "io", operation: "control request 0x72", message: /PIPE/ });
  assert.throws(() => handle.bulkOut(2, Uint8Array.of(1), 10), { code: "io", message: /LIBUSB_ERROR_TIMEOUT/ });
});

test("where there is no memory for a transfer, Linux's limit is named", {}, () => {
  const { handle } = openHandle({ libusb_bulk_transfer: () => -11 });
  assert.throws(() => handle.bulkIn(0x81, 16, 10), { code: "io", message: /LIBUSB_ERROR_NO_MEM/ });
  assert.throws(() => handle.bulkIn(0x81, 16, 10), { message: /usbfs_memory_mb/ });
});

test("a system without kernel drivers to detach is fine", {}, () => {
  openHandle({ libusb_set_auto_detach_kernel_driver: () => -12 }).handle.autoDetachKernelDriver();
  const { handle } = openHandle({ libusb_set_auto_detach_kernel_driver: () => -4 });
  assert.throws(() => handle.autoDetachKernelDriver(), { code: "disconnected" });
});

test("close releases what was claimed, once, also where libusb reports an error", {}, () => {
  const { handle, calls, closedTimes } = openHandle({ libusb_release_interface: () => -4 });
  handle.claimInterface(0);
  handle.claimInterface(1);
  calls.length = 0;
  handle.close();
  handle.close();
  assert.deepEqual(calls, ["libusb_release_interface(7,0)", "libusb_release_interface(7,1)", "libusb_close(7)"]);
  assert.equal(closedTimes(), 1);
});

test("a closed handle calls libusb no more", {}, () => {
  const { handle, calls } = openHandle();
  handle.close();
  calls.length = 0;
  const operations = [
    () => handle.autoDetachKernelDriver(),
    () => handle.claimInterface(0),
    () => handle.controlIn(request),
    () => handle.controlOut({ ...request, bytes: Uint8Array.of(1) }),
    () => handle.bulkOut(2, Uint8Array.of(1), 10),
    () => handle.bulkIn(0x82, 1, 10),
    () => handle.clearHalt(0x81),
    () => handle.selectAlternateSetting(0, 0),
  ];
  for (const operation of operations) assert.throws(operation, { code: "closed", device: "EVK4" });
  assert.deepEqual(calls, []);
});
