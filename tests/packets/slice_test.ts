/** Parts of packets by time, of every kind of events. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame, Packet } from "../../mod.ts";
import { framesIn, pixelBytesOf, writeFrames } from "../../src/packets/frames.ts";
import { imuEventsIn, polarityEventsIn, triggerEventsIn } from "../../src/packets/columns.ts";
import { kindIndex, kindNames } from "../../src/packets/kinds.ts";
import { layoutForCounts } from "../../src/packets/layout.ts";
import { packetOver } from "../../src/packets/packet.ts";
import { beginning, endOf, lastTimeOf, lowerBound, placeOf, slicePacket, timeAt } from "../../src/packets/slice.ts";

const common = { startT: 1, exposureStartT: NaN, exposureEndT: 2, x: 3, y: 4 } as const;

function frameAt(t: number, index: number): Frame {
  const [width, height] = [3 + index, 3];
  const pixels = Array.from({ length: width * height }, (_, pixel) => pixel + 10 * index);
  return index % 2 === 0
    ? { ...common, t, width, height, format: "gray8", pixels: Uint8Array.from(pixels) }
    : { ...common, t, width, height, format: "gray16", pixels: Uint16Array.from(pixels, (pixel) => pixel << 5) };
}

/** A packet with events of every kind at each of the times. */
function packetAt(times: readonly number[]): Packet {
  const frames = times.map(frameAt);
  const counts = kindNames.map(() => times.length);
  counts[kindIndex.pixel] = pixelBytesOf(frames);
  const layout = layoutForCounts(counts);
  const buffer = new ArrayBuffer(layout.byteLength);
  const polarity = polarityEventsIn(buffer, layout, times.length);
  const trigger = triggerEventsIn(buffer, layout, times.length);
  const imu = imuEventsIn(buffer, layout, times.length);
  times.forEach((t, index) => {
    for (const events of [polarity, trigger, imu]) events.t[index] = t;
    polarity.x[index] = 100 + index;
    polarity.y[index] = 200 + index;
    polarity.on[index] = index & 1;
    trigger.id[index] = index;
    trigger.edge[index] = index & 1;
    imu.gyroscopeZ[index] = index / 4;
    imu.temperature[index] = 30 + index;
  });
  writeFrames(buffer, layout, frames);
  return packetOver(buffer, layout, counts);
}

test("frames come back from the buffer that they were written to", () => {
  const frames = [5, 6, 7].map(frameAt);
  const counts = kindNames.map(() => 0);
  counts[kindIndex.frame] = 3;
  counts[kindIndex.pixel] = pixelBytesOf(frames);
  const layout = layoutForCounts(counts);
  const buffer = new ArrayBuffer(layout.byteLength);
  writeFrames(buffer, layout, frames);
  assert.deepEqual(framesIn(buffer, layout, 3), frames);
});

test("a slice has the events of each kind between two times, in memory of its own", () => {
  const times = [10, 20, 20, 30, 45];
  const packet = packetAt(times);
  for (const [from, to] of [[0, 100], [10, 20], [20, 21], [11, 20], [21, 45], [45, 46], [20, 45]] as const) {
    const slice = slicePacket(packet, placeOf(packet, from), placeOf(packet, to));
    const kept = times.flatMap((t, index) => t >= from && t < to ? [index] : []);
    assert.notEqual(slice.buffer, packet.buffer);
    assert.deepEqual(endOf(slice), {
      polarity: kept.length,
      trigger: kept.length,
      imu: kept.length,
      frame: kept.length,
    });
    assert.deepEqual(Array.from(slice.polarityEvents?.t ?? []), kept.map((index) => times[index]));
    assert.deepEqual(Array.from(slice.polarityEvents?.x ?? []), kept.map((index) => 100 + index));
    assert.deepEqual(Array.from(slice.polarityEvents?.y ?? []), kept.map((index) => 200 + index));
    assert.deepEqual(Array.from(slice.polarityEvents?.on ?? []), kept.map((index) => index & 1));
    assert.deepEqual(Array.from(slice.triggerEvents?.id ?? []), kept);
    assert.deepEqual(Array.from(slice.imuEvents?.gyroscopeZ ?? []), kept.map((index) => index / 4));
    assert.deepEqual(slice.frames ?? [], kept.map((index) => frameAt(times[index]!, index)));
    assert.deepEqual(slice.clone().frames, slice.frames);
    assert.equal(timeAt(slice, beginning), times[kept[0] ?? 9]);
    assert.equal(lastTimeOf(slice), times[kept.at(-1) ?? 9]);
  }
});

test("how many of increasing times lie before one", () => {
  const times = [1, 3, 3, 3, 8];
  for (let time = 0; time < 10; time++) assert.equal(lowerBound(times, time), times.filter((t) => t < time).length);
  assert.equal(lowerBound([], 5), 0);
  assert.equal(lowerBound(undefined, 5), 0);
});
