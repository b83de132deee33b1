/** Packets with events of every kind, from native columns to what programs read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImuEvents, Packet } from "../../mod.ts";
import {
  concatenated,
  type EventOf,
  lost,
  madeUpDecoder,
  madeUpNative,
  madeUpStream,
  record,
  someRoom,
} from "./made_up.ts";

const polarity: EventOf<"polarity">[] = [{ t: 1000, x: 345, y: 259, on: 1 }, { t: 1001.5, x: 0, y: 7, on: 0 }];
const triggers: EventOf<"trigger">[] = [{ t: 1002, id: 3, edge: 1 }, { t: 2 ** 40, id: 0, edge: 2 }];
const imu: EventOf<"imu">[] = [0, 1, 2].map((i) => ({
  t: 1003 + i,
  accelerometerX: 0.5 + i,
  accelerometerY: -9.75,
  accelerometerZ: 16 * i,
  gyroscopeX: -0.25,
  gyroscopeY: 0.125 * i,
  gyroscopeZ: 34.5,
  temperature: i === 2 ? NaN : 41.5,
}));

/** A frame with as many columns and rows, whose pixels count from the given number on. */
function frame(format: "gray8" | "gray16", width: number, height: number, first: number) {
  const pixels = Array.from({ length: width * height }, (_, i) => first + i);
  const columns: EventOf<"frame"> = {
    t: 2000 + first,
    startT: 1500 + first,
    exposureStartT: NaN,
    exposureEndT: 1700.5,
    pixelOffset: 0,
    x: 10,
    y: 20 + first,
    width,
    height,
    format: format === "gray8" ? 0 : 1,
  };
  const bytes = record("frame", columns, format === "gray8" ? Uint8Array.from(pixels) : Uint16Array.from(pixels));
  const { t, startT, exposureStartT, exposureEndT, x, y } = columns;
  return { bytes, expected: { t, startT, exposureStartT, exposureEndT, x, y, width, height, format, pixels } };
}

// An odd number of pixels each, so that the pixels of the second do not begin where those of the first end.
const frames = [frame("gray8", 5, 3, 100), frame("gray16", 3, 3, 60_000), frame("gray8", 1, 1, 7)];

const all = concatenated([
  ...polarity.map((event) => record("polarity", event)),
  ...triggers.map((event) => record("trigger", event)),
  ...imu.map((event) => record("imu", event)),
  ...frames.map(({ bytes }) => bytes),
]);

/** Rows of columns. */
function rowsOf(columns: object | undefined): Record<string, number>[] {
  const entries = Object.entries((columns ?? {}) as Record<string, Float64Array>);
  return Array.from(
    entries[0]?.[1] ?? [],
    (_, row) => Object.fromEntries(entries.map(([name, of]) => [name, of[row]!])),
  );
}

/** Everything that a packet has. */
function contentsOf({ polarityEvents, triggerEvents, imuEvents, frames = [] }: Omit<Packet, "clone">) {
  return {
    polarity: rowsOf(polarityEvents),
    triggers: rowsOf(triggerEvents),
    imu: rowsOf(imuEvents),
    frames: frames.map((frame) => ({ ...frame, pixels: [...frame.pixels] })),
  };
}

const expected = { polarity, triggers, imu, frames: frames.map((frame) => frame.expected) };

test("a packet with events of every kind, its clone, and what a Worker gets of it", async () => {
  const decoder = madeUpDecoder(await madeUpNative());
  const [packet, ...others] = Array.from(decoder.decode(all), (packet) => packet.clone());
  assert.equal(others.length, 0);
  assert.deepEqual(contentsOf(packet!), expected);
  const clone = packet!.clone();
  const moved = structuredClone(packet!, { transfer: [packet!.buffer] });
  assert.equal(packet!.frames![0]!.pixels.length, 0, "moved away with the buffer");
  assert.deepEqual(contentsOf(clone), expected);
  assert.deepEqual(contentsOf(moved), expected);
  for (const { pixels } of clone.frames!) assert.equal(pixels.buffer, clone.buffer);
  assert.ok(clone.frames![1]!.pixels instanceof Uint16Array);
  assert.ok(clone.imuEvents!.temperature instanceof Float32Array);
  assert.equal(decoder.currentTime, frames[2]!.expected.t);
  decoder.close();
});

test("what fills a packet's room goes on in the next, whichever kind it is of", async () => {
  const native = await madeUpNative();
  for (const kind of ["polarity", "trigger", "imu", "frame", "pixel"] as const) {
    const decoder = madeUpDecoder(native, { ...someRoom, [kind]: kind === "pixel" ? 40 : 8 });
    const input = concatenated(Array.from({ length: 6 }, () => all));
    const packets = Array.from(decoder.decode(input), (packet) => contentsOf(packet));
    assert.ok(packets.length > 1, kind);
    const together = {
      polarity: packets.flatMap((packet) => packet.polarity),
      triggers: packets.flatMap((packet) => packet.triggers),
      imu: packets.flatMap((packet) => packet.imu),
      frames: packets.flatMap((packet) => packet.frames),
    };
    const repeated = <Of>(events: readonly Of[]) => Array.from({ length: 6 }, () => events).flat();
    assert.deepEqual(together.polarity, repeated(polarity), kind);
    assert.deepEqual(together.triggers, repeated(triggers), kind);
    assert.deepEqual(together.imu, repeated(imu), kind);
    assert.deepEqual(together.frames, repeated(expected.frames), kind);
    decoder.close();
  }
});

test("a gap tells the next event of each kind", async () => {
  const parts = [record("imu", imu[0]!), record("polarity", polarity[0]!), record("imu", imu[1]!)];
  const rest = [frames[0]!.bytes, record("trigger", triggers[0]!), record("imu", imu[2]!)];
  const before = concatenated(parts).length + lost(1, 1).length;
  const stream = await madeUpStream(concatenated([...parts, lost(4711, 1200), ...rest, lost(5, 0), ...parts]));
  const item = stream.read(false);
  assert.ok(typeof item === "object" && !(item.packet instanceof Uint8Array));
  const { status, packet } = item;
  const common = { droppedTransfers: 1 };
  assert.deepEqual(status.gaps, [
    {
      ...common,
      polarityEventIndex: 1,
      triggerEventIndex: 0,
      imuEventIndex: 2,
      frameIndex: 0,
      byteIndex: before,
      droppedBytes: 4711,
      silenceUs: 1200,
      timeJumpUs: 0,
    },
    {
      ...common,
      polarityEventIndex: 1,
      triggerEventIndex: 1,
      imuEventIndex: 3,
      frameIndex: 1,
      byteIndex: before + concatenated(rest).length + lost(1, 1).length,
      droppedBytes: 5,
      silenceUs: 0,
      timeJumpUs: 0,
    },
  ]);
  assert.deepEqual([status.droppedTransfers, status.droppedBytes], [2, 4716]);
  assert.deepEqual([...(packet.imuEvents as ImuEvents).t], [1003, 1004, 1005, 1003, 1004]);
  stream.close();
});
