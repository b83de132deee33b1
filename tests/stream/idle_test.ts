/** A camera that sees next to nothing: the words of its time are held back, and neither time nor events are missing. */

import assert from "node:assert/strict";
import { configureVirtualBus, open, type OpenOptions, type Status } from "../../mod.ts";
import { AsyncIteration } from "../../src/stream/async_iteration.ts";
import { AsyncPackets } from "../../src/stream/async_packets.ts";
import type { IterationOwner } from "../../src/stream/iteration.ts";
import { ReaderLock } from "../../src/stream/reader_lock.ts";
import { lost, madeUpStream, record } from "../decoder/made_up.ts";
import { writeDarkRecording } from "../support/dark_recording.ts";
import { test } from "../support/test_on_bus.ts";

/** A camera in the dark, with this many isolated events in each quarter of a second. */
async function darkCamera(events: number): Promise<void> {
  const recording = writeDarkRecording(events);
  try {
    await configureVirtualBus([{ source: { kind: "recording", path: recording.path } }]);
  } finally {
    recording.remove();
  }
}

test("the sensor's time goes on where nothing happens", async () => {
  await darkCamera(0);
  await using device = await open({ libusb: "virtual" });
  let time = -1;
  for await (const { status, packet } of device) {
    assert.equal(packet.polarityEvents, undefined);
    const now = status.currentTime ?? time; // the stream may begin before the first TIME_HIGH
    assert.ok(now >= time);
    time = now;
    if (time > 300_000) break;
  }
});

test("the same in a loop that blocks", async () => {
  await darkCamera(0);
  await using device = await open({ libusb: "virtual" });
  for (const { status } of device) if ((status.currentTime ?? 0) > 300_000) break;
});

test("a loop that does not wait goes round whether something is there or not, and misses nothing", async () => {
  await darkCamera(5);
  await using device = await open({ libusb: "virtual", iteratorTimeoutMs: 0 });
  let events = 0;
  let empty = 0;
  for await (const { packet } of device) {
    if (packet === undefined) ++empty;
    events += packet?.polarityEvents?.t.length ?? 0;
    if (events >= 5) break;
  }
  assert.ok(empty > 0);
});

test("closing ends a loop that waits after a packet without events", async () => {
  await darkCamera(0);
  await using device = await open({ libusb: "virtual" });
  let packets = 0;
  for await (const { packet } of device) {
    assert.equal(packet.polarityEvents, undefined);
    if (++packets === 2) setTimeout(() => device.close(), 1);
  }
  assert.ok(packets >= 2);
});

test("isolated events all come, each in its own time, and every byte is accounted for", async () => {
  await darkCamera(5);
  for (const options of [{}, { iteratorMaximumRawPackets: 1 }, { iteratorTimeoutMs: 1 }] satisfies OpenOptions[]) {
    await using device = await open({ libusb: "virtual", ...options });
    const times: number[] = [];
    let bytes = 0;
    for await (const { status, packet } of device) {
      bytes += status.bytes;
      times.push(...packet?.polarityEvents?.t ?? []);
      if (times.length >= 12) break;
    }
    // 262,144 µs hold five, 52 ms apart; where the recording begins, the sensor is told to start.
    const steps = times.slice(1).map((time, index) => time - times[index]!);
    for (const step of steps) assert.ok(Math.abs(step - 52_429) <= 16, `${times}`);
    const { statistics } = device;
    assert.equal(statistics.bytes, bytes + statistics.droppedBytes + statistics.backlogBytes);
  }
});

test("raw mode: the bytes come complete", async () => {
  await darkCamera(0);
  await using device = await open({ libusb: "virtual", raw: true });
  let last: number | undefined;
  let words = 0;
  for await (const { packet } of device) {
    for (const word of new Uint16Array(packet.buffer, packet.byteOffset, packet.length / 2)) {
      // Each time word is the one before it and 16 µs.
      const low = word >> 12 === 0x8 ? 0 : word & 0xfff;
      if (last !== undefined) assert.equal(low, (last + 16) % 4096);
      last = low;
    }
    words += packet.length / 2;
    if (words > 10_000) break;
  }
});

const reads = [
  { what: "a packet with a trigger", bytes: record("trigger", { t: 1, id: 0, edge: 1 }), raw: false },
  { what: "a packet without events", bytes: lost(1, 0), raw: false },
  { what: "a raw packet", bytes: lost(1, 0), raw: true },
];
for (const { what, bytes, raw } of reads) {
  test(`after ${what} that was all there was an iteration waits before it reads again`, async () => {
    const stream = await madeUpStream(bytes, { raw });
    assert.ok(typeof stream.read(false) === "object");
    assert.equal(stream.isIdle, true);
    assert.equal(stream.read(false), undefined);
    assert.equal(stream.isIdle, true);
    stream.close();
  });
}

for (const isIdle of [true, false]) {
  test(`where a packet ${isIdle ? "was all there was, each" : "leaves some, not each"} iteration waits`, async () => {
    const status = {} as Status;
    let waits = 0;
    const owner: IterationOwner = {
      stream: {
        isIdle,
        read: () => ({ status, packet: new Uint8Array(8) }),
        idleStatus: () => status,
        wait() {
          waits += 1;
          return Promise.resolve();
        },
        wake() {},
      },
      description: "made up",
      timeoutMs: undefined,
      readerLock: new ReaderLock(),
      ending: undefined,
      close() {},
    };
    const packets = new AsyncPackets(new AsyncIteration(owner, undefined));
    for (let count = 0; count < 100; count++) await packets.next();
    if (isIdle) assert.equal(waits, 100);
    else assert.ok(waits < 50, `${waits} waits`); // one in 5 ms
    await packets.return();
  });
}

test("a status without a packet tells the time of a host clock that was set while the program ran", async () => {
  await configureVirtualBus([{ source: { kind: "pattern" }, bytesPerSecond: 8 }]);
  const { now } = Date;
  const hourMs = 3_600_000;
  Date.now = () => now() + hourMs;
  try {
    await using device = await open({ libusb: "virtual", raw: true, iteratorTimeoutMs: 20 });
    for await (const { status, packet } of device) {
      if (packet !== undefined) continue;
      assert.ok(status.receivedMs >= now() + hourMs / 2, `${status.receivedMs}`);
      assert.equal(status.consumedMs, status.receivedMs);
      break;
    }
  } finally {
    Date.now = now;
  }
});
