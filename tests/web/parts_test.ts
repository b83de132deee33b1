/** Parts of the stream and of the recorder, without a bus. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NeuromorphicError, type Packet } from "../../mod.ts";
import { NativeDecoder } from "../../src/decoder/native_decoder.ts";
import { loadLibrary } from "../../src/native/library.ts";
import { BatchReader } from "../../src/web/batch_reader.ts";
import { IdleScan } from "../../src/web/idle_scan.ts";
import { WordFilter } from "../../src/recording/word_filter.ts";
import { Ring } from "../../src/web/ring.ts";
import { usbError } from "../../src/web/usb_errors.ts";
import { atRandom } from "../support/random.ts";

/** 16-bit words as bytes. */
function words(...values: number[]): Uint8Array {
  return new Uint8Array(new Uint16Array(values).buffer);
}

test("EVT3 of a recording begins with a TIME_HIGH, and each word has what it needs, however the bytes are cut", () => {
  const sent = words(
    ...[0x28c8, 0x6007, 0x8001, 0x2001, 0xa101, 0x6008, 0xa102, 0x2002, 0x4fff, 0x3003],
    ...[0x0064, 0x2004, 0x4001, 0x3005, 0x4002, 0x2006, 0x0065, 0x2007],
  );
  const kept = words(0x8001, 0x6008, 0xa102, 0x0064, 0x2004, 0x3005, 0x4002, 0x2006, 0x0065, 0x2007);
  for (let cut = 0; cut <= sent.length; cut++) {
    const filter = new WordFilter("evt3", 0);
    const taken = [...filter.take(sent.subarray(0, cut)), ...filter.take(sent.subarray(cut))];
    assert.deepEqual(taken, [...kept], `cut at ${cut}`);
    assert.equal(filter.skippedBytes + taken.length, sent.length);
  }
});

test("a recording that begins within a word leaves out its rest, and behind a loss begins anew", () => {
  const filter = new WordFilter("evt3", 7);
  const all = words(0x8001, 0x6007, 0x0064, 0x3000, 0x2001);
  assert.deepEqual(filter.take(new Uint8Array([0x99, ...all])), all);
  assert.equal(filter.take(new Uint8Array([1])).length, 0);
  assert.equal(filter.waitingBytes, 1);
  filter.lose();
  assert.deepEqual([filter.waitingBytes, filter.skippedBytes], [0, 2]);
  assert.equal(filter.take(words(0x2001, 0x6008)).length, 0);
  assert.deepEqual(filter.take(words(0x8002)), words(0x8002));
});

test("EVT2.1 of a recording begins with a TIME_HIGH, in both orders of its halves", () => {
  const event = new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0x10]);
  const time = new Uint8Array([1, 0, 0, 0, 2, 0, 0, 0x80]);
  const filter = new WordFilter("evt21", 0);
  assert.deepEqual(filter.take(new Uint8Array([...event, ...time, ...event])), new Uint8Array([...time, ...event]));
  const swapped = (word: Uint8Array) => [...word.subarray(4), ...word.subarray(0, 4)];
  const legacy = new WordFilter("evt21-legacy", 0);
  const sent = new Uint8Array([...swapped(event), ...swapped(time), ...swapped(event)]);
  assert.deepEqual(legacy.take(sent), sent.subarray(8));
});

test("raw packets of time words and reports are idle, those with anything else are not", () => {
  const scan = new IdleScan("evt3");
  const time = [0x8005, 0x6010, 0xe014, 0xf001, 0xf002, 0x7003];
  assert.equal(scan.isIdle(words(...time), false), true);
  for (const kind of [0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x9, 0xa, 0xb, 0xc, 0xd]) {
    assert.equal(scan.isIdle(words(...time, kind << 12), false), false, `kind ${kind}`);
  }
  // A word that two raw packets share makes both busy; a loss ends it.
  assert.equal(scan.isIdle(new Uint8Array([0x00, 0x60, 0x05]), false), false);
  assert.equal(scan.isIdle(new Uint8Array([0x28, 0x60]), false), false);
  assert.equal(scan.isIdle(new Uint8Array([0x00, 0x60]), true), true);
  assert.equal(scan.isIdle(new Uint8Array(4098).fill(0x60), false), false);
});

test("an idle raw packet waits for 100 ms, or for one with an event", () => {
  const ring = new Ring(100, "evt3");
  assert.equal(ring.readyAtMs, Infinity);
  ring.push(words(0x8001), 1000);
  assert.equal(ring.readyAtMs, 1100);
  ring.push(words(0x8002), 1050);
  assert.equal(ring.readyAtMs, 1100);
  ring.push(words(0x0064), 1051);
  assert.equal(ring.readyAtMs, 0);
  ring.shift();
  ring.shift();
  ring.shift();
  assert.equal(ring.readyAtMs, Infinity);
  for (let count = 0; count < 26; count++) ring.push(words(0x8001), 2000);
  assert.equal(ring.readyAtMs, 0, "too many wait");
});

test("a ring keeps the order, and the account of what it drops", async () => {
  await atRandom((random) => {
    const capacity = 5;
    const ring = new Ring(capacity, "evt3");
    const model: { bytes: number; lost: number }[] = [];
    let lost = 0;
    for (let step = 0; step < 20_000; step++) {
      const length = 2 * random.whole(1, 4);
      if (random.next() < 0.5) {
        const isKept = ring.push(new Uint8Array(length), step);
        assert.equal(isKept, model.length < capacity);
        if (isKept) model.push({ bytes: length, lost });
        lost = isKept ? 0 : lost + length;
      } else if (model.length > 0) {
        const { bytes, lost: before } = model.shift()!;
        const packet = ring.at(0)!;
        assert.deepEqual([packet.bytes.length, packet.loss?.bytes ?? 0], [bytes, before]);
        ring.shift();
      }
      const waiting = model.reduce((sum, { bytes }) => sum + bytes, 0);
      assert.deepEqual([ring.length, ring.bytes], [model.length, waiting]);
    }
    assert.equal(ring.peak, capacity);
    return Promise.resolve();
  });
});

test("an error of WebUSB becomes that of the library by its name and by what was tried", () => {
  const call = { operation: "try", device: "Prophesee EVK4", id: { vendorId: 0x04b4, productId: 0x00f5 } };
  const codeOf = (name: string, action: "open" | "claim" | "transfer") => {
    const error = usbError(new DOMException("words of the browser", name), { ...call, action });
    assert.ok(error instanceof NeuromorphicError && error.message.includes(name));
    return error.code;
  };
  assert.equal(codeOf("SecurityError", "open"), "permission-denied");
  assert.equal(codeOf("NetworkError", "open"), "permission-denied");
  assert.equal(codeOf("NetworkError", "claim"), "busy");
  assert.equal(codeOf("NetworkError", "transfer"), "io");
  assert.equal(codeOf("NotFoundError", "transfer"), "disconnected");
  assert.equal(codeOf("AbortError", "transfer"), "closed");
  assert.equal(codeOf("InvalidStateError", "transfer"), "closed");
  assert.equal(codeOf("DataError", "transfer"), "io");
});

test("a pause of the page in which nothing was lost keeps the row, and is a gap in raw mode only", async () => {
  const library = await loadLibrary();
  const raws = [words(0x8001, 0x6007, 0x0064, 0x2001), words(0x2002, 0x8002), words(0x2003)];
  const read = (decoder: NativeDecoder | undefined) => {
    const ring = new Ring(16, "evt3");
    raws.forEach((bytes, index) => ring.push(bytes, index === 0 ? 1_000 : 31_000));
    const rest = { maximumRawPackets: 0, reuseBuffers: false, missing: () => 0 };
    const reader = new BatchReader(ring, { format: "evt3", decoder, ...rest });
    return Array.from({ length: 3 }, () => reader.read(false)).filter((item) => item !== undefined);
  };
  const decoder = new NativeDecoder(library, { format: "evt3", width: 1280, height: 720 });
  const decoded = read(decoder);
  const columns = decoded.flatMap(({ packet }) => Array.from((packet as Packet).polarityEvents?.x ?? []));
  assert.deepEqual([columns, decoder.statistics.skippedWords], [[1, 2, 3], 0]);
  assert.deepEqual(decoded.flatMap(({ status }) => status.gaps), []);
  decoder.close();
  const raw = read(undefined).flatMap(({ status }) => status.gaps);
  assert.deepEqual(raw.map(({ silenceUs, droppedTransfers }) => [silenceUs, droppedTransfers]), [[30e6, 0]]);
});

test("in raw mode a large raw packet is its reader's, unless a recorder has it, too; small ones are joined", () => {
  const [small, large] = [4096, 1 << 16];
  const ring = new Ring(16, "evt3");
  const push = (length: number, isShared: boolean, bytes = new Uint8Array(length).fill(ring.length + 1)) => {
    ring.push(bytes, 1000, isShared);
    return bytes;
  };
  const raws = [
    ...[push(small, false), push(small, true), push(large, false), push(large, true), push(small, false)],
    ...[push(large, false, new Uint8Array(large + 2).subarray(2)), push(small, false)],
  ];
  const reader = new BatchReader(ring, {
    format: "evt3",
    decoder: undefined,
    maximumRawPackets: 0,
    reuseBuffers: false,
    missing: () => 0,
  });
  const read = Array.from({ length: 6 }, () => reader.read(false)!.packet as Uint8Array);
  assert.deepEqual(read[0], new Uint8Array([...raws[0]!, ...raws[1]!]));
  assert.equal(read[1], raws[2]);
  for (const [index, from] of [[2, 3], [3, 4], [4, 5], [5, 6]] as const) {
    assert.deepEqual(read[index], raws[from]);
    assert.notEqual(read[index]!.buffer, raws[from]!.buffer, `${index}`);
  }
  assert.equal(reader.read(false), undefined);
});
