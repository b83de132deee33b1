/** One reader at a time, and calls of next() that come before the last one is settled. */

import assert from "node:assert/strict";
import { type CameraType, configureVirtualBus, type Device, open, type Packet, type StreamItem } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { PatternReader } from "../support/pattern.ts";
import { test } from "../support/test_on_bus.ts";

const raw = { libusb: "virtual", raw: true } as const;
const counting = { source: { kind: "pattern" }, bytesPerSecond: 1e6 } as const;

type RawItem = IteratorResult<StreamItem<Uint8Array>, undefined>;

/** A way to read one packet, and to end the reading. */
interface Reading {
  next(): RawItem | Promise<RawItem | ReadableStreamReadResult<StreamItem<Uint8Array>>>;
  end(): unknown;
}

const readings: Readonly<Record<string, (device: Device<CameraType, Uint8Array>) => Reading>> = {
  "an iterator": (device) => {
    const iterator = device[Symbol.asyncIterator]();
    return { next: () => iterator.next(), end: () => iterator.return!() };
  },
  "an iterator that blocks": (device) => {
    const iterator = device[Symbol.iterator]();
    return { next: () => iterator.next(), end: () => iterator.return!() };
  },
  "a reader of device.readable": (device) => {
    const reader = device.readable.getReader();
    return { next: () => reader.read(), end: () => reader.cancel() };
  },
};

const inTheWay = { name: "TypeError", message: /Prophesee EVK4.* has a reader already.*device\.readable\.tee\(\)/ };

for (const [first, beginFirst] of Object.entries(readings)) {
  for (const [second, beginSecond] of Object.entries(readings)) {
    // The stream is the same one: the second reader is refused by the platform.
    if (first === second && first.endsWith("readable")) continue;
    test(`${second} beside ${first} is refused, and disturbs nothing; at its end it works`, async () => {
      await configureVirtualBus([counting]);
      await using device: Device<CameraType, Uint8Array> = await open(raw);
      const pattern = new PatternReader();
      const take = ({ value }: { value?: StreamItem<Uint8Array> | undefined }) =>
        pattern.take(value!.packet, value!.status.gaps);
      const one = beginFirst(device);
      let other = beginSecond(device); // not in the way until it reads
      take(await one.next());
      await assert.rejects(async () => await other.next(), inTheWay);
      for (let count = 0; count < 5; count++) take(await one.next());
      await one.end();
      if (second.endsWith("readable")) other = beginSecond(device); // a stream that failed is over
      for (let count = 0; count < 5; count++) take(await other.next());
      await other.end();
      assert.equal(pattern.unmarked, 0);
      assert.equal(device.closed, false);
    });
  }
}

test("two loops at once: the second throws, the first gets every event", async () => {
  await configureVirtualBus([counting]);
  await using device: Device<CameraType, Uint8Array> = await open(raw);
  const reader = new PatternReader();
  let bytes = 0;
  const loop = async (take: (item: StreamItem<Uint8Array>) => void) => {
    for await (const item of device) {
      take(item);
      bytes += item.packet.length;
      if (bytes > 200_000) break;
    }
  };
  const [first, second] = await Promise.allSettled([
    loop(({ status, packet }) => reader.take(packet, status.gaps)),
    loop(() => assert.fail("the second loop has an item")),
  ]);
  assert.equal(first!.status, "fulfilled");
  assert.throws(() => {
    throw (second as PromiseRejectedResult).reason;
  }, inTheWay);
  assert.deepEqual([reader.unmarked, reader.read], [0, bytes]);
});

test("a reader that was dropped without an end is in the way until the garbage collector finds it", async () => {
  for (const parameters of [[], ["readable"]]) {
    const child = new URL("dropped_child.ts", import.meta.url);
    const { output } = await runChild(child, { exposesGarbageCollector: true, parameters });
    assert.equal(output, "refused\nread\n");
  }
});

test("next() called ahead of its turn: 300 turns, and not a byte or a packet is missing", async () => {
  await configureVirtualBus([{ ...counting, bytesPerSecond: 5e6 }]);
  await using device: Device<CameraType, Uint8Array> = await open(raw);
  const reader = new PatternReader();
  const iterator = device[Symbol.asyncIterator]();
  let ahead = iterator.next();
  for (let turn = 0; turn < 300; turn++) {
    const current = ahead;
    ahead = iterator.next();
    const { status, packet } = (await current).value!;
    assert.ok(packet.length > 0 && packet.length === status.bytes);
    reader.take(packet, status.gaps);
  }
  await iterator.return!();
  assert.equal(reader.unmarked, 0);
});

for (const reuseBuffers of [false, true]) {
  const mode = reuseBuffers ? ", also where buffers are reused" : "";
  test(`several calls of next() at once are answered in their order, with packets that all stay${mode}`, async () => {
    await configureVirtualBus([{ bytesPerSecond: 100e6 }]); // some packets are larger than others
    await using device: Device<CameraType, Packet> = await open({ libusb: "virtual", reuseBuffers });
    const iterator = device[Symbol.asyncIterator]();
    let time = 0;
    for (let round = 0; round < 20; round++) {
      const results = await Promise.all(Array.from({ length: 5 }, () => iterator.next()));
      for (const { done, value } of results) {
        assert.equal(done, false);
        const { polarityEvents } = value!.packet;
        if (polarityEvents === undefined) continue;
        assert.ok(polarityEvents.t.length > 0, "not emptied by the calls after it");
        assert.ok(polarityEvents.t[0]! >= time);
        time = polarityEvents.t.at(-1)!;
      }
    }
    await iterator.return!();
    assert.ok(time > 0);
  });
}

test("an error goes to the call that meets it; calls after it are at the end", async () => {
  const faults = [{ kind: "unplug", endpoint: 0x81, after: 3 } as const];
  await configureVirtualBus([{ ...counting, faults }]);
  await using device: Device<CameraType, Uint8Array> = await open(raw);
  const iterator = device[Symbol.asyncIterator]();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => iterator.next()));
  const failed = results.findIndex(({ status }) => status === "rejected");
  assert.equal((results[failed] as PromiseRejectedResult).reason.code, "disconnected");
  assert.ok(failed > 0 && failed < 19, `${failed} packets`);
  for (const [index, result] of results.entries()) {
    if (index === failed) continue;
    assert.equal(result.status, "fulfilled");
    if (result.status === "fulfilled") assert.equal(result.value.done === true, index > failed);
  }
});
