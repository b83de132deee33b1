import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDescriptor, escapeControls, quote, stringDescriptor } from "../../src/protocol/descriptors.ts";
import { runSync } from "../../src/protocol/run.ts";
import { MadeUpBus, MadeUpSettling } from "./testing/made_up_bus.ts";

const expected = { name: "product", value: 0x0302, index: 0x0409, accepted: ["EVK4", "EVK"].map(stringDescriptor) };

function check(answer: Uint8Array) {
  const bus = new MadeUpBus((transfer) =>
    transfer.kind === "control-in" ? answer.subarray(0, transfer.length) : answer
  );
  runSync(checkDescriptor(expected), { bus, settling: new MadeUpSettling() });
  return bus.transfers;
}

test("a string descriptor is its length, its type, and UTF-16", () => {
  assert.deepEqual(stringDescriptor("Aé€"), Uint8Array.of(8, 3, 0x41, 0, 0xe9, 0, 0xac, 0x20));
});

test("the longest accepted descriptor is asked for, and each accepted one fits", () => {
  for (const text of ["EVK4", "EVK"]) {
    assert.deepEqual(check(stringDescriptor(text)), [{
      kind: "control-in",
      requestType: 0x80,
      request: 0x06,
      value: 0x0302,
      index: 0x0409,
      length: 10,
      timeoutMs: 1_000,
    }]);
  }
});

test("another descriptor is unsupported, and so is a longer one that begins as an accepted one", () => {
  const details = { code: "unsupported", operation: "check product" };
  assert.throws(() => check(stringDescriptor("EVK3")), {
    ...details,
    message: 'made-up device: check product: "EVK3" is not supported',
  });
  assert.throws(() => check(stringDescriptor("EVK4 HD")), details);
  assert.throws(() => check(new Uint8Array(0)), { ...details, message: /"" is not supported/ });
});

test("what a terminal would obey is escaped", () => {
  assert.equal(quote("EVK4"), '"EVK4"');
  assert.equal(quote('\u001b]0;owned\u0007"'), '"\\u001b]0;owned\\u0007\\""');
  assert.equal(quote("\u009b2J\u007f"), '"\\u009b2J\\u007f"');
  assert.equal(quote("\u202egnp.exe\u2066\u200b"), '"\\u202egnp.exe\\u2066\\u200b"');
  assert.throws(() => check(stringDescriptor("\u001b[2J")), { message: /"\\u001b\[2J" is not/ });
});

test("of a text that is not quoted, the same is escaped, but for the ends of lines", () => {
  assert.equal(escapeControls('a "text"\n of two lines'), 'a "text"\n of two lines');
  assert.equal(escapeControls("\u001b[2J\r\t\u0000"), "\\u001b[2J\\u000d\\u0009\\u0000");
});
