import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Capacity,
  type Counts,
  type Element,
  elementArrays,
  kindIndex,
  kindNames,
  kinds,
} from "../../src/packets/kinds.ts";
import { type Layout, layoutFor } from "../../src/packets/layout.ts";
import { type Packet, packetFrom } from "../../src/packets/packet.ts";
import { PacketMemory } from "../../src/packets/packet_memory.ts";

const capacity: Capacity = { polarity: 16, trigger: 8, imu: 0, frame: 0, pixel: 0 };
const layout = layoutFor(capacity);

function countsOf(counts: Partial<Capacity>): number[] {
  return kindNames.map((kind) => counts[kind] ?? 0);
}

/** Memory of which each packet gets the whole block, however little is in it. */
class WholeBlocks extends PacketMemory {
  constructor() {
    super(0, { reuses: true, allocate: (byteLength) => new ArrayBuffer(byteLength) });
  }

  override memoryFor(): undefined {}
}

/** A packet over the first events of a filled buffer. */
function packetIn(buffer: ArrayBuffer, layout: Layout, counts: Counts): Packet {
  return packetFrom(new WholeBlocks(), new Uint8Array(buffer), layout, counts);
}

function packetOf(events: number, triggers: number) {
  const counts = countsOf({ polarity: events, trigger: triggers });
  const packet = packetIn(new ArrayBuffer(layout.byteLength), layout, counts);
  for (let i = 0; i < events; i++) {
    packet.polarityEvents!.t[i] = 1000 + i;
    packet.polarityEvents!.x[i] = i;
    packet.polarityEvents!.y[i] = 100 + i;
    packet.polarityEvents!.on[i] = i % 2;
  }
  for (let i = 0; i < triggers; i++) {
    packet.triggerEvents!.t[i] = 5000 + i;
    packet.triggerEvents!.id[i] = i;
    packet.triggerEvents!.edge[i] = 1;
  }
  return packet;
}

test("columns are present only where not empty", () => {
  assert.deepEqual(Object.keys(packetOf(0, 0)), ["buffer"]);
  assert.deepEqual(Object.keys(packetOf(3, 0)), ["polarityEvents", "buffer"]);
  assert.deepEqual(Object.keys(packetOf(0, 3)), ["triggerEvents", "buffer"]);
});

test("columns do not overlap at any capacity", () => {
  const packet = packetOf(16, 8);
  assert.deepEqual([...packet.polarityEvents!.t], Array.from({ length: 16 }, (_, i) => 1000 + i));
  assert.deepEqual([...packet.polarityEvents!.x], Array.from({ length: 16 }, (_, i) => i));
  assert.deepEqual([...packet.polarityEvents!.y], Array.from({ length: 16 }, (_, i) => 100 + i));
  assert.deepEqual([...packet.polarityEvents!.on], Array.from({ length: 16 }, (_, i) => i % 2));
  assert.deepEqual([...packet.triggerEvents!.t], Array.from({ length: 8 }, (_, i) => 5000 + i));
  assert.deepEqual([...packet.triggerEvents!.id], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([...packet.triggerEvents!.edge], Array(8).fill(1));
});

/** Memory that was not zeroed. */
function allocateFilled(byteLength: number): ArrayBuffer {
  return new Uint8Array(byteLength).fill(0xaa).buffer;
}

test("a packet without events can be cloned and moved as any other, and takes no memory", () => {
  const memory = new PacketMemory(layout.byteLength, { reuses: false, allocate: allocateFilled });
  const block = memory.take();
  const packet = packetFrom(memory, block, layout, countsOf({}));
  const clone = packet.clone();
  for (const empty of [packet, clone, clone.clone()]) assert.deepEqual(Object.keys(empty), ["buffer"]);
  assert.notEqual(packet.buffer, clone.buffer);
  assert.equal(structuredClone(packet.buffer, { transfer: [packet.buffer] }).byteLength, 0);
  assert.equal(memory.take(), block);
});

test("a packet's buffer has its events and zeros, where the memory was not zeroed, too", () => {
  const memory = new PacketMemory(layout.byteLength, { reuses: false, allocate: allocateFilled });
  for (const [polarity, trigger] of [[5, 3], [15, 8], [16, 8], [0, 7]] as const) {
    const counts = countsOf({ polarity, trigger });
    const block = memory.take();
    const columns = packetIn(block.buffer, layout, counts);
    for (
      const { buffer, byteOffset, byteLength } of [
        ...Object.values(columns.polarityEvents ?? {}),
        ...Object.values(columns.triggerEvents ?? {}),
      ]
    ) new Uint8Array(buffer, byteOffset, byteLength).fill(0xee);
    const packet = packetFrom(memory, block, layout, counts);
    const isBlock = polarity > 14 && trigger > 7;
    assert.equal(packet.buffer === block.buffer, isBlock, "nearly full: the block itself");
    const bytes = [...new Uint8Array(packet.buffer)];
    assert.equal(bytes.filter((byte) => byte === 0xee).length, 13 * polarity + 10 * trigger);
    assert.equal(bytes.filter((byte) => byte !== 0xee && byte !== 0).length, 0);
    const own = new Set(Object.values(packet.polarityEvents ?? packet.triggerEvents!).map(({ buffer }) => buffer));
    assert.deepEqual([...own], [packet.buffer]);
  }
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
  assert.deepEqual(Object.keys(clone), ["buffer"]);
  assert.equal(clone.buffer.byteLength, 0);
});

test("a whole packet can be posted and moved: it is data only", () => {
  const packet = packetOf(5, 2);
  const moved = structuredClone(packet, { transfer: [packet.buffer] });
  assert.equal(packet.buffer.byteLength, 0);
  assert.deepEqual([...moved.polarityEvents!.x], [0, 1, 2, 3, 4]);
  assert.equal(moved.polarityEvents!.x.buffer, moved.buffer);
  assert.deepEqual(Object.keys(moved), ["polarityEvents", "triggerEvents", "buffer"]);
});

test("events of every kind lie where the layout says, each column of the type in the table", () => {
  const everything: Capacity = { polarity: 8, trigger: 16, imu: 24, frame: 8, pixel: 64 };
  const room = layoutFor(everything);
  const bytes = new Uint8Array(room.byteLength);
  // Every byte tells its kind, so that a view that reaches into another kind shows.
  kindNames.forEach((kind) => {
    const end = room.starts[kindIndex[kind] + 1] ?? bytes.length;
    bytes.fill(1 + kindIndex[kind], room.starts[kindIndex[kind]], end);
  });
  const packet = packetIn(bytes.buffer, room, countsOf({ polarity: 8, trigger: 16, imu: 24 }));
  const packets = { polarity: packet.polarityEvents!, trigger: packet.triggerEvents!, imu: packet.imuEvents! };
  for (const [kind, views] of Object.entries(packets)) {
    const number = kindIndex[kind as keyof typeof packets];
    const elements = Object.entries<Element>(kinds[kind as keyof typeof packets]);
    let next = room.starts[number]!;
    assert.deepEqual(Object.keys(views), elements.map(([name]) => name));
    for (const [name, element] of elements) {
      const view = views[name as keyof typeof views] as Float64Array<ArrayBuffer>;
      assert.ok(view instanceof elementArrays[element], `${kind}.${name}`);
      assert.equal(view.byteOffset, next, `${kind}.${name}`);
      assert.deepEqual(new Set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)), new Set([1 + number]));
      next += view.byteLength;
    }
    assert.equal(next, room.starts[number + 1], `${kind} ends where the next kind begins`);
  }
});
