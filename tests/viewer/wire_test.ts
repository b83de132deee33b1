import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeHeader, MessageReader, type StreamHeader, type StreamMessage } from "../../src/viewer/wire.ts";

const status = { receivedMs: 1, consumedMs: 2, delayMs: 1, backlog: 0, rawPackets: 1, bytes: 5, gaps: [] };
const headers = [
  { kind: "data", status, skipped: { rawPackets: 0, bytes: 0 } },
  { kind: "configuration", configuration: { name: "é" } },
  { kind: "end", error: null },
] as unknown as readonly StreamHeader[];
const bytes = Uint8Array.of(1, 2, 3, 4, 5);

function stream(): Uint8Array {
  const parts = [encodeHeader(headers[0]!, bytes.length), bytes, encodeHeader(headers[1]!), encodeHeader(headers[2]!)];
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

test("messages come out as they went in, wherever the stream is cut", () => {
  const whole = stream();
  for (let size = 1; size <= whole.length; size++) {
    const reader = new MessageReader();
    const messages: StreamMessage[] = [];
    for (let at = 0; at < whole.length; at += size) messages.push(...reader.push(whole.subarray(at, at + size)));
    assert.deepEqual(messages.map(({ header }) => header), headers);
    assert.deepEqual(messages.map(({ bytes }) => Array.from(bytes)), [[1, 2, 3, 4, 5], [], []]);
    assert.equal(reader.isBetweenMessages, true);
  }
});

test("a stream that is cut within a message is known as such", () => {
  const whole = stream();
  for (const length of [1, 8, 20, whole.length - 1]) {
    const reader = new MessageReader();
    Array.from(reader.push(whole.subarray(0, length)));
    assert.equal(reader.isBetweenMessages, false, `${length} bytes`);
  }
});

test("lengths that no message has are refused before memory is taken for them", () => {
  for (const prefix of [[0, 0, 0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 255]]) {
    assert.throws(() => Array.from(new MessageReader().push(Uint8Array.from(prefix))), RangeError);
  }
});
