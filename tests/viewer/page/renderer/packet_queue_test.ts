import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketQueue } from "../../../../src/viewer/page/renderer/packet_queue.ts";
import { packetAt, packetWith, timesOf } from "../../testing/packets.ts";

test("packets are cut by time, and each event is taken once", () => {
  const queue = new PacketQueue();
  queue.push(packetAt(10, 20, 30));
  queue.push(packetAt(40, 50));
  assert.equal(queue.events, 5);
  assert.deepEqual(queue.takeUntil(20).map(timesOf), [[10]]);
  assert.deepEqual(queue.takeUntil(20).map(timesOf), []);
  assert.deepEqual(queue.takeUntil(45).map(timesOf), [[20, 30], [40]]);
  assert.equal(queue.events, 1);
  assert.deepEqual(queue.takeUntil(Infinity).map(timesOf), [[50]]);
  assert.equal(queue.isEmpty, true);
});

test("a whole packet is handed on without a copy", () => {
  const queue = new PacketQueue();
  const packet = packetAt(10, 20);
  queue.push(packet);
  assert.equal(queue.takeUntil(21)[0], packet);
});

test("triggers are taken with the events of their time", () => {
  const queue = new PacketQueue();
  queue.push(packetWith([[10, 0, 0, 1], [30, 0, 0, 1]], [20]));
  const [first] = queue.takeUntil(25);
  assert.deepEqual(Array.from(first?.triggerEvents?.t ?? []), [20]);
  const [second] = queue.takeUntil(Infinity);
  assert.equal(second?.triggerEvents, undefined);
  assert.deepEqual(timesOf(second!), [30]);
});

test("a packet without events does not wait", () => {
  const queue = new PacketQueue();
  queue.push(packetAt());
  assert.equal(queue.isEmpty, true);
  assert.equal(queue.lastTime, undefined);
});
