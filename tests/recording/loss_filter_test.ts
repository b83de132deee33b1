import assert from "node:assert/strict";
import { test } from "node:test";
import type { FormatLimits, RecordingFormat } from "../../src/recording/format.ts";
import { canHoldAll, lossesMessage, LossFilter } from "../../src/recording/loss_filter.ts";
import type { Gap } from "../../src/packets/status.ts";
import { eventRows, packetOfRows, triggerRows } from "./testing/rows.ts";

const everything: FormatLimits = {
  maximumTime: Infinity,
  maximumX: 65_535,
  maximumY: 65_535,
  triggers: { maximumId: 255, pulses: true },
  imu: true,
  frames: true,
  geometry: true,
};

function formatWith(limits: Partial<FormatLimits>, name = "made"): RecordingFormat {
  return { name, title: name, endings: [], limits: { ...everything, ...limits }, matches: () => false };
}

const gap: Gap = {
  polarityEventIndex: 0,
  triggerEventIndex: 0,
  imuEventIndex: 0,
  frameIndex: 0,
  byteIndex: 0,
  droppedTransfers: 0,
  droppedBytes: 0,
  silenceUs: 0,
  timeJumpUs: 4096,
};

const sample = packetOfRows(
  [[5, 0, 0, 1], [6, 346, 259, 0], [7, 345, 260, 1], [8, 345, 259, 1], [1000, 1, 2, 0], [1001, 3, 4, 1]],
  [[5, 0, 1], [6, 7, 0], [7, 1, 2], [1001, 0, 0]],
);

test("a packet that fits is passed on as it is", () => {
  const filter = new LossFilter(formatWith({}, "raw-made"));
  assert.equal(filter.filter(sample, [gap]), sample);
  assert.deepEqual(filter.losses, []);
});

test("what does not fit is taken out and counted by its kind", () => {
  const filter = new LossFilter(
    formatWith({ maximumTime: 1000, maximumX: 345, maximumY: 259, triggers: { maximumId: 6, pulses: false } }),
  );
  const held = filter.filter(sample, [gap, gap]);
  assert.deepEqual(eventRows(held), [[5, 0, 0, 1], [8, 345, 259, 1], [1000, 1, 2, 0]]);
  assert.deepEqual(triggerRows(held), [[5, 0, 1]]);
  assert.deepEqual(
    Object.fromEntries(filter.losses.map(({ kind, count }) => [kind, count])),
    { gaps: 2, times: 2, coordinates: 2, "trigger-ids": 1, pulses: 1 },
  );
  assert.deepEqual(eventRows(held.clone()), eventRows(held));
});

test("a packet of which nothing fits is empty", () => {
  const filter = new LossFilter(formatWith({ maximumTime: 4, triggers: undefined }));
  const held = filter.filter(sample, []);
  assert.equal(held.polarityEvents, undefined);
  assert.equal(held.triggerEvents, undefined);
  assert.equal(lossesMessage(filter.losses), "6 events later than its largest time, 4 triggers");
});

test("a recording need not be looked at where its format holds nothing that the target does not", () => {
  const all = formatWith({}, "raw-made");
  assert.ok(canHoldAll(all, all));
  const smaller: readonly Partial<FormatLimits>[] = [
    { maximumTime: 2 ** 32 - 1 },
    { maximumX: 2047 },
    { maximumY: 2047 },
    { triggers: undefined },
    { triggers: { maximumId: 0, pulses: true } },
    { triggers: { maximumId: 255, pulses: false } },
    { imu: false },
    { frames: false },
  ];
  for (const limits of smaller) {
    assert.ok(!canHoldAll(formatWith(limits, "raw-small"), all), JSON.stringify(limits));
    assert.ok(canHoldAll(all, formatWith(limits)));
  }
  assert.ok(!canHoldAll(formatWith({}), all), "marks of missing data");
});
