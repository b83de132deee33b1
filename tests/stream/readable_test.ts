/** The device as a web stream: one more reader, which borrows it. */

import assert from "node:assert/strict";
import { type CameraType, configureVirtualBus, type Device, open, type Status, type StreamItem } from "../../mod.ts";
import type { IterationOwner } from "../../src/stream/iteration.ts";
import { AsyncIteration } from "../../src/stream/async_iteration.ts";
import { readableOf } from "../../src/stream/readable.ts";
import { ReaderLock } from "../../src/stream/reader_lock.ts";
import { eventually } from "../support/eventually.ts";
import { PatternReader } from "../support/pattern.ts";
import { test } from "../support/test_on_bus.ts";

const raw = { libusb: "virtual", raw: true } as const;
const counting = { source: { kind: "pattern" }, bytesPerSecond: 1e6 } as const;

async function openCounting(): Promise<Device<CameraType, Uint8Array>> {
  await configureVirtualBus([counting]);
  return await open(raw);
}

test("it takes nothing before it is read", async () => {
  await using device = await openCounting();
  const { readable } = device;
  await eventually("a backlog", () => device.statistics.backlog > 10 || undefined);
  let delivered = 0;
  for await (const { packet } of device) {
    delivered += packet.length;
    if (delivered > 100_000) break;
  }
  const { bytes, backlogBytes, droppedBytes } = device.statistics;
  assert.equal(delivered, bytes - backlogBytes - droppedBytes);
  await readable.cancel();
});

for (const reuseBuffers of [false, true]) {
  test(`its packets stay while later ones are read${reuseBuffers ? ", also where buffers are reused" : ""}`, async () => {
    await configureVirtualBus([{ bytesPerSecond: 100e6 }]);
    await using device = await open({ libusb: "virtual", reuseBuffers });
    const reader = device.readable.getReader();
    const items: StreamItem<unknown>[] = [];
    let events = 0;
    while (events < 500_000) {
      const { value } = await reader.read();
      items.push(value!);
      events += value!.packet.polarityEvents?.t.length ?? 0;
    }
    const kept = items.map(({ packet }) => (packet as { polarityEvents?: { t: Float64Array } }).polarityEvents);
    assert.equal(kept.reduce((sum, columns) => sum + (columns?.t.length ?? 0), 0), events);
    await reader.cancel();
  });
}

test("it is the same stream until it is cancelled; then a new one, which goes on, and so does a loop", async () => {
  const device = await openCounting();
  const pattern = new PatternReader();
  const first = device.readable;
  assert.equal(device.readable, first);
  for (const stream of [first, undefined]) {
    for await (const { status, packet } of stream ?? device.readable) {
      pattern.take(packet, status.gaps);
      break; // cancels the stream
    }
    assert.equal(device.closed, false);
    for await (const { status, packet } of device) {
      pattern.take(packet, status.gaps);
      break;
    }
  }
  assert.notEqual(device.readable, first);
  device.close();
  const { bytes, droppedBytes, backlogBytes } = device.statistics;
  assert.deepEqual([pattern.unmarked, pattern.read], [0, bytes - droppedBytes - backlogBytes]);
});

test("cancelled while a read waits, or is just about to be answered: no byte is lost", async () => {
  const device = await openCounting();
  const pattern = new PatternReader();
  for (let round = 0; round < 100; round++) {
    const reader = device.readable.getReader();
    const pending = reader.read();
    if (round % 3 > 0) await new Promise((resolve) => setTimeout(resolve, round % 3));
    await reader.cancel();
    const { value } = await pending;
    if (value !== undefined) pattern.take(value.packet, value.status.gaps);
  }
  device.close();
  const { bytes, droppedBytes, backlogBytes } = device.statistics;
  assert.deepEqual([pattern.unmarked, pattern.read], [0, bytes - droppedBytes - backlogBytes]);
});

test("cancelled between the moment an item is taken and the next turn: the read that waited has it", async () => {
  const item: StreamItem<Uint8Array<ArrayBuffer>> = { status: {} as Status, packet: new Uint8Array(8) };
  let cancel: () => void = () => {};
  const owner: IterationOwner = {
    stream: {
      isIdle: false,
      read() {
        queueMicrotask(cancel);
        return item;
      },
      idleStatus: () => item.status,
      wait: () => Promise.resolve(),
      wake() {},
    },
    description: "made up",
    timeoutMs: undefined,
    readerLock: new ReaderLock(),
    ending: undefined,
    close() {},
  };
  const reader = readableOf(new AsyncIteration(owner, undefined), () => {}).getReader();
  let cancelled: Promise<void> | undefined;
  cancel = () => cancelled = reader.cancel();
  assert.deepEqual(await reader.read(), { done: false, value: item });
  await cancelled;
  assert.equal((await reader.read()).done, true);
});

test("tee: both consumers get every byte, one of them late", async () => {
  await using device = await openCounting();
  const consume = async (branch: ReadableStream<StreamItem<Uint8Array>>, pauseMs: number): Promise<number> => {
    const pattern = new PatternReader();
    for await (const { status, packet } of branch) {
      pattern.take(packet, status.gaps);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (pattern.read > 100_000) break;
    }
    assert.equal(pattern.unmarked, 0);
    return pattern.read;
  };
  const [left, right] = device.readable.tee();
  const [early, late] = await Promise.all([consume(left, 0), consume(right, 2)]);
  assert.equal(early, late);
  assert.equal(device.closed, false);
});

test("closing the device ends a read that waits; a stream that begins later fails", async () => {
  await configureVirtualBus([{ ...counting, bytesPerSecond: 8 }]);
  const device = await open(raw);
  const { readable } = device;
  const reader = readable.getReader();
  await reader.read();
  const waiting = reader.read();
  device.close();
  assert.equal((await waiting).done, true);
  await reader.closed;
  await assert.rejects(device.readable.getReader().read(), { code: "closed" });
});

test("an abort and an unplugged camera are the stream's errors", async () => {
  const controller = new AbortController();
  await configureVirtualBus([counting]);
  const device = await open({ ...raw, signal: controller.signal });
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(async () => {
    for await (const _ of device.readable);
  }, reason);
  await configureVirtualBus([{ ...counting, faults: [{ kind: "unplug", endpoint: 0x81, after: 20 }] }]);
  const other = await open(raw);
  await assert.rejects(async () => {
    for await (const _ of other.readable);
  }, { code: "disconnected" });
});

test("through a transform, left early: the device stays open", async () => {
  await using device = await openCounting();
  const lengths = device.readable.pipeThrough(
    new TransformStream<StreamItem<Uint8Array>, number>({
      transform: ({ packet }, controller) => controller.enqueue(packet.length),
    }),
  );
  for await (const length of lengths) if (length > 0) break;
  await eventually("the stream's end", async () => {
    try {
      for await (const _ of device) return true;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  });
});
