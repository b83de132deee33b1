/** Where the camera itself has lost events, the sensor's time jumps, and a gap tells where and by how much. */

import assert from "node:assert/strict";
import { configureVirtualBus, type Gap, open } from "../../mod.ts";
import { runChild } from "../support/child.ts";
import { writeRecording } from "../support/recording.ts";
import { slow } from "../support/test.ts";
import { test } from "../support/test_on_bus.ts";

const timeHighUs = 4096;
/** Of the virtual camera's sequence. */
const bytesPerUs = 6;

/** A camera that sends the TIME_HIGHs from 0 to 63, but these, again and again; behind each two events and a trigger. */
async function cameraWithout(missing: readonly number[], bytesPerSecond?: number): Promise<void> {
  const highs = Array.from({ length: 64 }, (_, high) => high).filter((high) => !missing.includes(high));
  const recording = writeRecording(highs.flatMap((high) => [0x8000 | high, 0x0064, 0x2805, 0x2806, 0xa001]));
  try {
    await configureVirtualBus([{ source: { kind: "recording", path: recording.path }, bytesPerSecond }]);
  } finally {
    recording.remove();
  }
}

const missing = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
const missingUs = missing.length * timeHighUs;

/** Indices in `t` of the times that come a TIME_HIGH or more after the one before. */
function jumpsOf(t: readonly number[]): number[] {
  return t.flatMap((time, index) => index > 0 && time - t[index - 1]! > timeHighUs ? [index] : []);
}

test(
  "a gap tells where the sensor's time jumps, how much of it is missing, and that the ring lost nothing",
  {},
  async () => {
    await cameraWithout(missing);
    await using device = await open({ libusb: "virtual" });
    const polarity = { times: [] as number[], jumps: [] as number[] };
    const trigger = { times: [] as number[], jumps: [] as number[] };
    const gaps: Gap[] = [];
    for await (const { status, packet } of device) {
      for (const gap of status.gaps) {
        polarity.jumps.push(polarity.times.length + gap.polarityEventIndex);
        trigger.jumps.push(trigger.times.length + gap.triggerEventIndex);
        gaps.push(gap);
      }
      polarity.times.push(...packet.polarityEvents?.t ?? []);
      trigger.times.push(...packet.triggerEvents?.t ?? []);
      assert.equal(status.timeDiscontinuities, status.gaps.length);
      if (gaps.length >= 3 && trigger.times.length > trigger.jumps.at(-1)!) break;
    }
    for (const { timeJumpUs, droppedTransfers, droppedBytes, silenceUs } of gaps) {
      assert.deepEqual([timeJumpUs, droppedTransfers, droppedBytes, silenceUs], [missingUs, 0, 0, 0]);
    }
    for (const { times, jumps } of [polarity, trigger]) assert.deepEqual(jumps, jumpsOf(times));
    assert.equal(device.statistics.droppedBytes, 0);
  },
);

test("a camera that loses nothing has no gaps, also where its time counter wraps", {}, async () => {
  await cameraWithout([], 200_000); // a hundred times as fast as its times tell
  await using device = await open({ libusb: "virtual" });
  for await (const { status } of device) {
    assert.deepEqual(status.gaps, []);
    if (status.currentTime! > 2 ** 24 + 2 ** 20) break;
  }
  assert.equal(device.statistics.decoder!.timeWraps, 1);
});

test("in raw mode the sensor's time is not known, nor its jumps", {}, async () => {
  await cameraWithout(missing);
  await using device = await open({ libusb: "virtual", raw: true });
  let bytes = 0;
  for await (const { status, packet } of device) {
    assert.deepEqual(status.gaps, []);
    bytes += packet.length;
    if (bytes > 2 * 54 * 10) break;
  }
});

test("a program that is stopped for a while sees what its camera has lost", slow, async () => {
  const { status, output } = await runChild(new URL("stopped_child.ts", import.meta.url));
  assert.equal(status, 0, output);
  const { jumps, bytesLostInCamera, droppedBytes } = JSON.parse(output);
  assert.equal(droppedBytes, 0, "the ring lost nothing");
  let sumUs = 0;
  for (const { missingUs, steppedUs } of jumps) {
    // The last event before the jump and the first one after it may be up to three TIME_HIGHs further apart.
    assert.ok(steppedUs > missingUs && steppedUs <= missingUs + 3 * timeHighUs, `${missingUs} µs, ${steppedUs} µs`);
    sumUs += missingUs;
  }
  const mostUs = bytesLostInCamera / bytesPerUs + timeHighUs * jumps.length;
  assert.ok(sumUs > 0 && sumUs < mostUs, `${sumUs} µs, ${bytesLostInCamera} bytes`);
});
