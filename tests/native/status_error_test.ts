import assert from "node:assert/strict";
import { statuses } from "../../ffi/abi.ts";
import type { ErrorCode, NeuromorphicError } from "../../src/errors.ts";
import { checkStatus, statusError } from "../../src/native/status_error.ts";
import { test } from "../support/test.ts";

const codes: Readonly<Record<string, ErrorCode>> = {
  invalid_handle: "closed",
  invalid_argument: "native-library",
  out_of_memory: "io",
  buffer_too_small: "native-library",
  libusb_unavailable: "native-library",
  thread_unavailable: "io",
  submit_failed: "io",
  unsupported: "unsupported",
  busy: "busy",
  too_many: "unsupported",
  file_refused: "io",
};

test("statuses of zero and above are results", {}, () => {
  for (const status of [statuses.ok, statuses.timeout, statuses.ended, 1234]) {
    assert.equal(checkStatus(status, "read"), status);
  }
});

for (const [name, status] of Object.entries(statuses).filter(([, value]) => value < 0)) {
  test(`${name} has its own code, and its name and the operation in the message`, {}, () => {
    assert.throws(() => checkStatus(status, "read events"), (error: NeuromorphicError) => {
      assert.equal(error.code, codes[name]);
      assert.equal(error.operation, "read events");
      assert.match(error.message, new RegExp(`^read events: .+ \\(${name}\\)$`));
      return true;
    });
    const { message, device } = statusError(status, "read events", "EVK4 00050ABC");
    assert.ok(message.startsWith("EVK4 00050ABC: read events: "), message);
    assert.equal(device, "EVK4 00050ABC");
  });
}

test("a status that this version does not know is the native library's failure", {}, () => {
  const error = statusError(-1000, "read events");
  assert.equal(error.code, "native-library");
  assert.match(error.message, /status -1000/);
});
