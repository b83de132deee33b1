/** Input without an end, and without anything in it: neither memory nor time grows with what is read. */

import assert from "node:assert/strict";
import process from "node:process";
import { openRecording } from "../../mod.ts";
import { slow, test } from "../support/test.ts";
import { rawFile, usualHeader } from "./testing/made_recording.ts";

test("gigabytes of zeros are read through, with no memory for them", slow, async () => {
  const piece = new Uint8Array(1 << 20);
  let left = 2048;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(rawFile(usualHeader, Uint8Array.of(1, 0x80))),
    pull(controller) {
      if (left-- > 0) controller.enqueue(piece);
      else controller.close();
    },
  }, { highWaterMark: 0 });
  await using recording = await openRecording(stream);
  const before = process.memoryUsage.rss();
  let bytes = 0;
  let largest = 0;
  for await (const { status, packet } of recording) {
    bytes += status.bytes;
    assert.equal(packet.polarityEvents, undefined);
    largest = Math.max(largest, process.memoryUsage.rss());
  }
  assert.equal(bytes, 2 ** 31 + 2);
  assert.ok(largest - before < 300 * 2 ** 20, `${largest - before} bytes more`);
});

test("a file of gigabytes of zeros, as a full disk leaves it, is refused by its beginning", slow, async () => {
  const zeros = new Blob(Array.from({ length: 64 }, () => new Uint8Array(1 << 20)));
  await assert.rejects(openRecording(zeros), /begins with zeros only/);
});
