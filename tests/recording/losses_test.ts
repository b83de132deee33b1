/** Recordings with bytes missing, by their receipts: times, rows and gaps behind a loss. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openRecording } from "../../mod.ts";
import { lossesOf } from "../../src/recording/formats/raw/losses.ts";
import type { ByteSource } from "../../src/recording/source.ts";
import { rawFile, usualHeader } from "./testing/made_recording.ts";

/** Two events, a loss of 16.8 s in which the clock wraps, two more; then a loss in the middle of a row. */
const words = [0x8001, 0x6000, 0x0064, 0x2805, 0x2806, 0x8002, 0x6000, 0x0065, 0x2807, 0x2808, 0x2809, 0x0066, 0x280a];
const file = rawFile(usualHeader, new Uint8Array(Uint16Array.from(words).buffer));
const at = (word: number) => usualHeader.length + 2 * word;

const receipt = [
  { kind: "start", version: 1, camera: { type: "prophesee-evk4" } },
  { kind: "block", at: 0, bytes: file.length },
  {
    kind: "gap",
    at: at(5),
    t: 4096,
    cause: "disk",
    droppedTransfers: 3,
    droppedBytes: 4000,
    timeJumpUs: 0,
    silenceUs: 16_800_000,
  },
  {
    kind: "gap",
    at: at(10),
    t: 8192,
    cause: "usb",
    droppedTransfers: 1,
    droppedBytes: 10,
    timeJumpUs: 0,
    silenceUs: 500,
  },
  {
    kind: "gap",
    at: at(11),
    t: 8192,
    cause: "sensor",
    droppedTransfers: 0,
    droppedBytes: 0,
    timeJumpUs: 9,
    silenceUs: 0,
  },
].map((line) => JSON.stringify(line)).join("\n") + '\n{"kind":"gap","at":1';

test("what a receipt tells is lost is marked, and the times behind it are right", async () => {
  const folder = mkdtempSync(join(tmpdir(), "neuromorphic_drivers_tests_"));
  try {
    const path = join(folder, "a.raw");
    writeFileSync(path, file);
    writeFileSync(`${path}.receipt.jsonl`, receipt);
    await using recording = await openRecording(path);
    const found: { x: number[]; t: number[]; gaps: number[][]; dropped: number[] }[] = [];
    for await (const { status, packet } of recording) {
      found.push({
        x: Array.from(packet.polarityEvents?.x ?? []),
        t: Array.from(packet.polarityEvents?.t ?? []),
        gaps: status.gaps.map((gap) => [gap.polarityEventIndex, gap.droppedBytes, gap.silenceUs]),
        dropped: [status.droppedTransfers, status.droppedBytes],
      });
    }
    // The clock wraps each 16,777,216 µs, and is at 2 · 4096 µs behind the loss.
    const later = 2 ** 24 + 8192;
    assert.deepEqual(found, [
      { x: [5, 6], t: [4096, 4096], gaps: [], dropped: [0, 0] },
      { x: [7, 8], t: [later, later], gaps: [[0, 4000, 16_800_000]], dropped: [3, 4000] },
      // The row is not known behind the loss, nor is the time before the next word of it.
      { x: [], t: [], gaps: [[0, 10, 500]], dropped: [1, 10] },
    ]);
    assert.deepEqual(await recording.timeRange(), { first: 4096, last: later });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a receipt of any length is read piece by piece", async () => {
  const gap = (at: number) => `{"kind":"gap","at":${at},"droppedTransfers":1,"droppedBytes":${at},"silenceUs":0}\n`;
  const block = `{"kind":"block","note":"${"é".repeat(150)}"}\n`; // so that pieces end within letters and lines
  const bytes = new TextEncoder().encode(Array.from({ length: 20_000 }, (_, at) => block + gap(at)).join(""));
  let closed = false;
  const receipt: ByteSource = {
    name: "a.raw.receipt.jsonl",
    size: bytes.length,
    isSeekable: true,
    read(position, length) {
      assert.ok(length <= 1 << 20, `${length} bytes at a time`);
      return Promise.resolve(bytes.subarray(position, position + length));
    },
    close: () => Promise.resolve(void (closed = true)),
  };
  const losses = await lossesOf({ main: receipt, sibling: () => Promise.resolve(receipt) });
  assert.deepEqual(losses.map(({ at }) => at), Array.from({ length: 20_000 }, (_, at) => at));
  assert.ok(closed);
});
