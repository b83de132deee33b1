import assert from "node:assert/strict";
import { test } from "node:test";
import { formatReceiptLine, parseReceipt, type ReceiptLine, receiptPathOf } from "../../src/recording/receipt.ts";
import { xxh64 } from "../support/xxh64.ts";

const start: ReceiptLine = {
  kind: "start",
  version: 1,
  program: "neuromorphic-drivers 0.1.0",
  startedMs: 1_700_000_000_000,
  camera: {
    type: "prophesee-evk4",
    name: "Größe",
    serial: "1",
    firmware: null,
    sensor: "IMX636",
    configuration: { xMask: "0-9" },
  },
  format: "evt3",
  width: 1280,
  height: 720,
  hash: "xxh64",
  blockBytes: 100,
  headerBytes: 10,
};
const block = (at: number, bytes = 100): ReceiptLine => ({
  kind: "block",
  at,
  bytes,
  hash: "0123456789abcdef",
  polarityEvents: 3,
  triggerEvents: 0,
  t: at === 0 ? null : 4096,
});
const gap: ReceiptLine = {
  kind: "gap",
  at: 120,
  t: 4096,
  cause: "disk",
  droppedTransfers: 1,
  droppedBytes: 2,
  timeJumpUs: 0,
  silenceUs: 3,
};
const end: ReceiptLine = {
  kind: "end",
  endedMs: 1_700_000_001_000,
  reason: "time",
  bytes: 150,
  polarityEvents: 6,
  triggerEvents: 0,
  gaps: 1,
  droppedBytes: 2,
  rateController: null,
};
const lines = [start, block(0), gap, block(100, 50), end];

const bytesOf = (all: readonly ReceiptLine[]) => new TextEncoder().encode(all.map(formatReceiptLine).join(""));

test("a receipt that was written is read, cut at any byte up to its last whole line", () => {
  const bytes = bytesOf(lines);
  assert.deepEqual(parseReceipt(bytes, "a"), {
    start,
    blocks: [block(0), block(100, 50)],
    gaps: [gap],
    end,
    wholeBytes: bytes.length,
  });
  const first = bytesOf([start]).length;
  for (let length = first; length <= bytes.length; length++) {
    const { blocks, gaps, end: last, wholeBytes } = parseReceipt(bytes.subarray(0, length), "a");
    assert.ok(wholeBytes <= length);
    assert.equal(bytes[wholeBytes - 1], 0x0a);
    const known = 1 + blocks.length + gaps.length + Number(last !== undefined);
    assert.equal(wholeBytes, bytesOf(lines.slice(0, known)).length);
  }
  for (let length = 0; length < first; length++) {
    assert.throws(() => parseReceipt(bytes.subarray(0, length), "a"), { code: "damaged", path: "a", offset: 0 });
  }
});

test("a last line that a crash has filled with zeros counts as not written", () => {
  const bytes = new Uint8Array([...bytesOf(lines.slice(0, 2)), 0, 0, 0, 0x0a]);
  const { blocks, wholeBytes } = parseReceipt(bytes, "a");
  assert.deepEqual([blocks.length, wholeBytes], [1, bytes.length - 4]);
});

test("what is no receipt is damaged, at its line", () => {
  const text = new TextEncoder();
  const at = bytesOf([start]).length;
  const wrong: [Uint8Array, number][] = [
    [text.encode("% evt 3.0\n"), 0],
    [bytesOf([block(0), start]), 0],
    [new Uint8Array([...bytesOf([start]), ...text.encode("[]\n"), ...bytesOf([block(0)])]), at],
    [bytesOf([start, start, block(0)]), at],
    [bytesOf([start, block(100), end]), at],
    [bytesOf([start, block(0, 101), end]), at],
    [bytesOf([start, block(0, 50), block(100), end]), at + bytesOf([block(0, 50)]).length],
    [bytesOf([start, { ...block(0), hash: "x" } as ReceiptLine, end]), at],
    [bytesOf([start, { ...gap, cause: "other" } as unknown as ReceiptLine, end]), at],
    [bytesOf([start, end, block(0)]), at + bytesOf([end]).length],
    [bytesOf([{ ...start, version: 2 } as unknown as ReceiptLine]), 0],
  ];
  for (const [bytes, offset] of wrong) {
    assert.throws(() => parseReceipt(bytes, "a.raw.receipt.jsonl"), {
      name: "NeuromorphicError",
      code: "damaged",
      path: "a.raw.receipt.jsonl",
      offset,
    });
  }
});

test("the receipt lies beside its recording", () => {
  assert.equal(receiptPathOf("b/a.raw"), "b/a.raw.receipt.jsonl");
});

test("the hash of the tests is XXH64", () => {
  assert.equal(xxh64(new Uint8Array(0)), "ef46db3751d8e999");
  assert.equal(xxh64(new TextEncoder().encode("abc")), "44bc2cf5ad770999");
  assert.equal(
    xxh64(new TextEncoder().encode("Nobody inspects the spammish repetition")),
    "fbcea83c8a378bf1",
  );
});
