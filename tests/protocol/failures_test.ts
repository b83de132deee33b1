import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError } from "../../src/errors.ts";
import type { Protocol } from "../../src/protocol/exchange.ts";
import {
  failureOf,
  isGone,
  isUntried,
  lacksMemory,
  markLackOfMemory,
  nameDevice,
  protocolError,
  undoing,
  untriedError,
} from "../../src/protocol/failures.ts";
import { brokenCable, unplugged } from "./testing/made_up_bus.ts";

test("the failure of a transfer becomes that of an operation, without the device's name twice", () => {
  const transfer = new NeuromorphicError("io", "EVK4: send 8 bytes: the transfer failed", {
    operation: "send 8 bytes",
    device: "EVK4",
  });
  const failure = failureOf("read serial", transfer);
  assert.equal(failure.message, "read serial: send 8 bytes: the transfer failed");
  assert.deepEqual([failure.code, failure.operation, failure.cause], ["io", "read serial", transfer]);
  const named = nameDevice(failure, "EVK4") as NeuromorphicError;
  assert.equal(named.message, "EVK4: read serial: send 8 bytes: the transfer failed");
  assert.deepEqual([named.device, named.operation, named.cause], ["EVK4", "read serial", transfer]);
});

test("an error that names its device keeps it", () => {
  const error = new NeuromorphicError("busy", "EVK4: claim: busy", { device: "EVK4" });
  assert.equal(nameDevice(error, "another"), error);
  assert.equal(nameDevice("a reason", "another"), "a reason");
});

test("a device is gone where its errors say so", () => {
  assert.deepEqual([unplugged(), new NeuromorphicError("closed", "")].map(isGone), [true, true]);
  assert.deepEqual([brokenCable(), new TypeError("disconnected"), undefined].map(isGone), [false, false, false]);
});

test("a lack of memory is known as such, also as the cause of another error", () => {
  const memory = markLackOfMemory(brokenCable());
  assert.equal(lacksMemory(memory), true);
  assert.equal(lacksMemory(failureOf("write register", memory)), true);
  for (const other of [brokenCable(), new Error("no", { cause: 1 }), undefined]) {
    assert.equal(lacksMemory(other), false);
  }
});

test("a transfer that was not tried is known as such, also as the cause of another error", () => {
  assert.equal(isUntried(failureOf("write register", untriedError())), true);
  assert.equal(isUntried(brokenCable()), false);
  assert.equal(lacksMemory(untriedError()), false);
});

/** Begins a protocol of one exchange that is to be undone; tells what it has yielded. */
function begin() {
  const yielded: number[] = [];
  const wait = function* (us: number): Protocol {
    yielded.push(us);
    yield { kind: "wait", us };
  };
  const protocol = undoing(wait(1), () => wait(2));
  protocol.next();
  return { protocol, yielded };
}

test("a protocol that fails is undone, but not where the device is gone", () => {
  const failed = begin();
  const error = protocolError("io", "write", "failed");
  assert.deepEqual(failed.protocol.throw(error).value, { kind: "wait", us: 2 });
  assert.throws(() => failed.protocol.next(), (thrown) => thrown === error);
  const gone = begin();
  assert.throws(() => gone.protocol.throw(unplugged()), { code: "disconnected" });
  assert.deepEqual(gone.yielded, [1]);
});

test("a protocol that is ended early is undone; one that is through is not", () => {
  const ended = begin();
  assert.deepEqual(ended.protocol.return(undefined as never).value, { kind: "wait", us: 2 });
  assert.equal(ended.protocol.next().done, true);
  const through = begin();
  assert.equal(through.protocol.next().done, true);
  assert.deepEqual(through.yielded, [1]);
});
