import assert from "node:assert/strict";
import { test } from "node:test";
import { completeUsbConfiguration, defaultUsbConfiguration } from "../../src/stream/usb_configuration.ts";
import { checkQueueLimit, parseUsbfsLimit } from "../../src/stream/usbfs_limit.ts";

test("what is not given is the default", () => {
  assert.deepEqual(completeUsbConfiguration({}), defaultUsbConfiguration);
  assert.equal(completeUsbConfiguration({ ringLength: 100 }).ringLength, 100);
});

const wrong: readonly [object, RegExp][] = [
  [{ bufferBytes: 0 }, /bufferBytes must be a whole number from 1024 to 67108864, not 0/],
  [{ bufferBytes: 1500 }, /bufferBytes must be a multiple of 1024, not 1500/],
  [{ bufferBytes: 1.5 }, /bufferBytes/],
  [{ ringLength: 2 ** 21 }, /ringLength must be a whole number from 1 to 1048576/],
  [{ ringLength: 32, transferQueueLength: 32 }, /ringLength must be greater than transferQueueLength \(32\), not 32/],
  [{ transferQueueLength: -1 }, /transferQueueLength/],
  [{ ringLength: "100" }, /TypeError: usbConfiguration.ringLength must be a whole number from 1 to 1048576, not "100"/],
  [{ allowDma: 1 }, /allowDma must be a boolean/],
  [{ bufferByte: 1024 }, /no option "bufferByte"/],
  [{ toString: 1024 }, /no option "toString"/],
];
for (const [given, message] of wrong) {
  test(`${JSON.stringify(given)} is refused with name, value and range`, () => {
    assert.throws(() => completeUsbConfiguration(given), message);
  });
}

test("a queue as large as Linux's limit is accepted, one transfer more is refused, and the limit named", () => {
  const queue = (transferQueueLength: number) =>
    completeUsbConfiguration({ bufferBytes: 1 << 20, transferQueueLength });
  checkQueueLimit(queue(16), 16 << 20);
  checkQueueLimit(queue(1024), undefined);
  assert.throws(() => checkQueueLimit(queue(17), 16 << 20), {
    name: "RangeError",
    message: /must be at most 16777216 bytes, not 17825792: .*usbfs_memory_mb/,
  });
});

const limitTexts: readonly [text: string, bytes: number | undefined][] = [
  ["0\n", undefined],
  ["16\n", 16_777_216],
  ["2048\n", 2_147_483_648],
  ["4096\n", 4_294_967_296],
  ["", undefined],
  ["sixteen\n", undefined],
  ["-1\n", undefined],
];
for (const [text, bytes] of limitTexts) {
  test(`Linux's limit ${JSON.stringify(text)} is ${bytes ?? "none"}`, () => {
    assert.equal(parseUsbfsLimit(text), bytes);
  });
}
