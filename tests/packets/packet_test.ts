import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsByteLength } from "../../src/packets/columns.ts";
import { LentBuffer } from "../../src/packets/lent_buffer.ts";
import { createPacket, lendPacket } from "../../src/packets/packet.ts";

const capacity = { events: 16, triggers: 8 };

function packetOf(events: number, triggers: number) {
  const packet = createPacket(new ArrayBuffer(columnsByteLength(capacity)), capacity, events, triggers);
  for (let i = 0; i < events; i++) {
    packet.polarityEvents!.t[i] = 1000 + i;
    packet.polarityEvents!.x[i] = i;
    packet.polarityEvents!.y[i] = 100 + i;
    packet.polarityEvents!.on[i] = i % 2;
  }
  for (let i = 0; i < triggers; i++) {
    packet.triggerEvents!.t[i] = 5000 + i;
    packet.triggerEvents!.id[i] = i;
    packet.triggerEvents!.rising[i] = 1;
  }
  return packet;
}

test("columns are present only where not empty", () => {
  assert.deepEqual(Object.keys(packetOf(0, 0)).sort(), ["buffer", "clone"]);
  assert.equal(packetOf(3, 0).triggerEvents, undefined);
  assert.equal(packetOf(0, 3).polarityEvents, undefined);
});

test("columns do not overlap, whatever the capacity", () => {
  const packet = packetOf(16, 8);
  assert.deepEqual([...packet.polarityEvents!.t], Array.from({ length: 16 }, (_, i) => 1000 + i));
  assert.deepEqual([...packet.polarityEvents!.x], Array.from({ length: 16 }, (_, i) => i));
  assert.deepEqual([...packet.polarityEvents!.y], Array.from({ length: 16 }, (_, i) => 100 + i));
  assert.deepEqual([...packet.polarityEvents!.on], Array.from({ length: 16 }, (_, i) => i % 2));
  assert.deepEqual([...packet.triggerEvents!.t], Array.from({ length: 8 }, (_, i) => 5000 + i));
  assert.deepEqual([...packet.triggerEvents!.id], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...packet.triggerEvents!.rising], Array(8).fill(1));
});

test("a packet without events can be cloned and moved as any other, and lends nothing", () => {
  const lender = new LentBuffer(columnsByteLength(capacity));
  const buffer = lender.take();
  const packet = lendPacket(lender, buffer, capacity, 0, 0);
  const clone = packet.clone();
  for (const empty of [packet, clone, clone.clone()]) assert.deepEqual(Object.keys(empty).sort(), ["buffer", "clone"]);
  assert.notEqual(packet.buffer, clone.buffer);
  assert.equal(structuredClone(packet.buffer, { transfer: [packet.buffer] }).byteLength, 0);
  assert.equal(lender.take(), buffer);
});

test("a clone has its own small buffer and stays when the original is detached", () => {
  const packet = packetOf(5, 2);
  const clone = packet.clone();
  assert.ok(clone.buffer.byteLength < packet.buffer.byteLength);
  structuredClone(packet.buffer, { transfer: [packet.buffer] });
  assert.equal(packet.polarityEvents!.t.length, 0, "a kept packet reads as empty");
  assert.deepEqual([...clone.polarityEvents!.t], [1000, 1001, 1002, 1003, 1004]);
  assert.deepEqual([...clone.polarityEvents!.on], [0, 1, 0, 1, 0]);
  assert.deepEqual([...clone.triggerEvents!.t], [5000, 5001]);
  assert.deepEqual([...clone.triggerEvents!.id], [0, 1]);
});

test("a packet that was kept too long clones as an empty one", () => {
  const packet = packetOf(5, 2);
  structuredClone(packet.buffer, { transfer: [packet.buffer] });
  const clone = packet.clone();
  assert.deepEqual(Object.keys(clone).sort(), ["buffer", "clone"]);
  assert.equal(clone.buffer.byteLength, 0);
});
