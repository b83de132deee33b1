import assert from "node:assert/strict";
import { test } from "node:test";
import type { Packet, Status } from "../../mod.ts";
import { addAmounts, type Amounts, amountsOf, formatRates, formatSummary, nothing } from "../../src/cli/rates.ts";

const status: Status = {
  receivedMs: 1000,
  consumedMs: 1002,
  delayMs: 2.25,
  backlog: 7,
  rawPackets: 1,
  bytes: 4096,
  currentTime: 5,
  outOfSensor: 11,
  timeDiscontinuities: 4,
  rateController: undefined,
  droppedTransfers: 2,
  droppedBytes: 300,
  missingTransfers: 0,
  gaps: [],
};

function packetOf(on: number[], triggers = 0): Packet {
  const packet: Packet = {
    buffer: new ArrayBuffer(0),
    clone: () => packet,
    polarityEvents: {
      t: new Float64Array(on.length),
      x: new Uint16Array(on.length),
      y: new Uint16Array(on.length),
      on: Uint8Array.from(on),
    },
    triggerEvents: {
      t: new Float64Array(triggers),
      id: new Uint8Array(triggers),
      edge: new Uint8Array(triggers),
    },
  };
  return packet;
}

const expected: Amounts = {
  events: 5,
  onEvents: 3,
  triggers: 2,
  bytes: 4096,
  droppedTransfers: 2,
  droppedBytes: 300,
  outOfSensor: 11,
  timeDiscontinuities: 4,
  maximumDelayMs: 2.25,
  maximumBacklog: 7,
};
const healthy: Amounts = { ...expected, droppedBytes: 0, outOfSensor: 0, timeDiscontinuities: 0 };

test("an item's amounts", () => {
  assert.deepEqual(amountsOf(status, packetOf([1, 0, 1, 1, 0], 2)), expected);
});

test("a timeout has a status and no events", () => {
  assert.deepEqual(amountsOf(status, undefined), { ...expected, events: 0, onEvents: 0, triggers: 0 });
});

test("amounts add up, delay and backlog are the longest", () => {
  const more = { ...expected, maximumDelayMs: 9, maximumBacklog: 1 };
  assert.deepEqual(addAmounts(expected, more), {
    events: 10,
    onEvents: 6,
    triggers: 4,
    bytes: 8192,
    droppedTransfers: 4,
    droppedBytes: 600,
    outOfSensor: 22,
    timeDiscontinuities: 8,
    maximumDelayMs: 9,
    maximumBacklog: 7,
  });
  assert.deepEqual(addAmounts(expected, nothing), expected);
});

test("the live line gives rates over its own span", () => {
  const amounts = { ...healthy, events: 12_500_000, onEvents: 6_250_000, bytes: 40_000_000 };
  assert.equal(
    formatRates(amounts, 2, 12),
    " 12 s   6.25 Mev/s   20.0 MB/s  ON  50 %  delay  2.3 ms  backlog 7  dropped 0 B",
  );
});

test("what the decoder drops stands in the live line before what a narrow terminal cuts off", () => {
  assert.match(
    formatRates({ ...healthy, outOfSensor: 12_345, timeDiscontinuities: 1 }, 1, 1),
    /^ {2}1 s .* ON {2}60 % {2}12,345 events beyond the sensor {2}jumps of time: 1 {2}delay/,
  );
});

test("the live line of nothing has no share of ON", () => {
  assert.equal(
    formatRates({ ...nothing, droppedBytes: 2_500_000 }, 1, 1),
    "  1 s   0.00 Mev/s    0.0 MB/s  ON   - %  delay  0.0 ms  backlog 0  dropped 2.5 MB",
  );
});

test("the summary tells what was lost", () => {
  assert.equal(
    formatSummary(expected, 2),
    "5 events (ON 60.0 %), 2 triggers in 2.0 s (0.00 Mev/s, 0.0 MB/s); longest delay 2.3 ms; " +
      "300 B dropped in 2 transfers; 11 events beyond the sensor; jumps of time: 4",
  );
  assert.match(formatSummary({ ...healthy, timeDiscontinuities: 4 }, 2), /ms; no bytes dropped; jumps of time: 4$/);
  assert.equal(
    formatSummary({ ...nothing, events: 1_234_567, onEvents: 1_234_567, bytes: 3_000_000 }, 1),
    "1,234,567 events (ON 100.0 %) in 1.0 s (1.23 Mev/s, 3.0 MB/s); longest delay 0.0 ms; nothing dropped",
  );
});
