import assert from "node:assert/strict";
import { test } from "node:test";
import { Meter } from "../../../../src/viewer/page/renderer/meter.ts";
import { statusWith } from "../../testing/packets.ts";

test("rates are those between two samples, and totals of all", () => {
  const meter = new Meter();
  assert.equal(meter.sample(1000), undefined);
  meter.received(statusWith({ bytes: 500, delayMs: 3, backlog: 2, droppedBytes: 10, droppedTransfers: 1 }));
  meter.received(statusWith({ bytes: 500, delayMs: 1, backlog: 7 }));
  meter.shown({ events: 100, onEvents: 25, triggers: 1, outside: 0 });
  meter.drawn();
  assert.deepEqual(meter.sample(1500), {
    eventsPerSecond: 200,
    onShare: 0.25,
    bytesPerSecond: 2000,
    delayMs: 3,
    backlog: 7,
    picturesPerSecond: 2,
  });
  const quiet = meter.sample(2000);
  assert.equal(quiet?.eventsPerSecond, 0);
  assert.equal(quiet?.onShare, undefined);
  assert.equal(quiet?.backlog, 0);
  const { events, droppedBytes, droppedTransfers } = meter.totals;
  assert.deepEqual({ events, droppedBytes, droppedTransfers }, { events: 100, droppedBytes: 10, droppedTransfers: 1 });
});
