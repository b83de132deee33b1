import assert from "node:assert/strict";
import { test } from "node:test";
import { RateHistory } from "../../../../src/viewer/page/renderer/rate_history.ts";
import { packetWith } from "../../testing/packets.ts";

test("events are counted by span and polarity, the newest span last", () => {
  const history = new RateHistory(100, 3);
  history.add(packetWith([[0, 0, 0, 1], [99, 0, 0, 0], [100, 0, 0, 1], [250, 0, 0, 1]]));
  assert.deepEqual(history.window().bins, [{ on: 1, off: 1 }, { on: 1, off: 0 }, { on: 1, off: 0 }]);
  assert.equal(history.window().start, 0);
});

test("ON events that were counted before are taken for those of a packet in one span, and of no other packet", () => {
  const history = new RateHistory(100, 3);
  history.add(packetWith([[0, 0, 0, 1], [99, 0, 0, 0]]), 1);
  history.add(packetWith([[150, 0, 0, 1], [160, 0, 0, 1], [250, 0, 0, 0]]), 2);
  assert.deepEqual(history.window().bins, [{ on: 1, off: 1 }, { on: 2, off: 0 }, { on: 0, off: 1 }]);
});

test("time that goes on without events empties the oldest spans", () => {
  const history = new RateHistory(100, 3);
  history.add(packetWith([[0, 0, 0, 1], [150, 0, 0, 0]]));
  history.advance(350);
  assert.deepEqual(history.window().bins, [{ on: 0, off: 1 }, { on: 0, off: 0 }, { on: 0, off: 0 }]);
  history.advance(1e9);
  assert.ok(history.window().bins.every(({ on, off }) => on + off === 0));
});

test("events older than the window are left out, and nothing else is", () => {
  const history = new RateHistory(100, 2);
  history.add(packetWith([[500, 0, 0, 1]]));
  history.add(packetWith([[100, 0, 0, 1], [450, 0, 0, 1]]));
  assert.deepEqual(history.window().bins, [{ on: 1, off: 0 }, { on: 1, off: 0 }]);
});

test("triggers and losses are marked while they are in the window", () => {
  const history = new RateHistory(100, 2);
  history.add(packetWith([[150, 0, 0, 1]], [120]));
  history.markLoss(130);
  assert.deepEqual(history.window().triggers, [120]);
  assert.deepEqual(history.window().losses, [130]);
  history.advance(450);
  assert.deepEqual(history.window().triggers, []);
  assert.deepEqual(history.window().losses, []);
});

test("after a reset time may begin anywhere", () => {
  const history = new RateHistory(100, 2);
  history.add(packetWith([[1e6, 0, 0, 1]]));
  history.reset();
  history.add(packetWith([[50, 0, 0, 1]]));
  assert.deepEqual(history.window().bins.at(-1), { on: 1, off: 0 });
});

test("events of a span of time are spread over it, each once", () => {
  const history = new RateHistory(100, 5);
  history.addEvenly({ start: 50, end: 250, on: 40, off: 1 });
  assert.deepEqual(history.window().bins.slice(-3), [{ on: 10, off: 0 }, { on: 20, off: 1 }, { on: 10, off: 0 }]);
  history.addEvenly({ start: 250, end: 250, on: 1, off: 0 });
  history.addEvenly({ start: 260, end: 255, on: 1, off: 0 }); // clocks of sensors may go back by some µs
  assert.deepEqual(history.window().bins.at(-1), { on: 12, off: 0 });
  history.addEvenly({ start: 300, end: 400, on: 3, off: 0 });
  assert.deepEqual(history.window().bins.at(-1), { on: 3, off: 0 });
});

test("of a span that began before the window the events of the window are counted", () => {
  const history = new RateHistory(100, 2);
  history.addEvenly({ start: 0, end: 1000, on: 100, off: 0 });
  assert.deepEqual(history.window().bins, [{ on: 10, off: 0 }, { on: 10, off: 0 }]);
});
