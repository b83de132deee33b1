import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lending, PacketMemory, type Staging } from "../../src/packets/packet_memory.ts";

function allocate(byteLength: number): ArrayBuffer {
  return new ArrayBuffer(byteLength);
}

const blockLength = 1 << 20;
const large = blockLength - 8;

const reusing = () => new PacketMemory(blockLength, { reuses: true, allocate });
const owning = () => new PacketMemory(blockLength, { reuses: false, allocate });

test("reused: taking detaches the block that a large packet has, and keeps its memory", () => {
  const memory = reusing();
  const first = memory.take();
  assert.equal(memory.memoryFor(large), undefined);
  first[3] = 7;
  const second = memory.take();
  assert.equal(first.byteLength, 0);
  assert.equal(second.byteLength, blockLength);
  assert.equal(second[3], 7, "moved, not made anew");
});

test("reused: a small packet is a copy; taking detaches that, and gives the same block", () => {
  const memory = reusing();
  const block = memory.take();
  const copy = memory.memoryFor(1000)!;
  assert.equal(copy.byteLength, 1000);
  assert.equal(memory.take(), block);
  assert.equal(copy.byteLength, 0);
  assert.equal(block.byteLength, blockLength);
});

test("reused: a buffer that was transferred away is replaced", () => {
  const memory = reusing();
  const first = memory.take();
  memory.memoryFor(large);
  const moved = structuredClone(first.buffer, { transfer: [first.buffer] });
  assert.equal(memory.take().byteLength, blockLength);
  assert.equal(moved.byteLength, blockLength, "the program's stays");
});

test("reused, but the last packet is to stay: it does, large or small, and another block takes its place", () => {
  for (const length of [large, 1000]) {
    const memory = reusing();
    const block = memory.take();
    const packet = memory.memoryFor(length) ?? block.buffer;
    const { byteLength } = packet;
    assert.equal(memory.take(false) === block, length === 1000);
    assert.equal(packet.byteLength, byteLength);
    memory.take();
    memory.close();
    assert.equal(packet.byteLength, byteLength, "nor is it detached later");
  }
});

test("reused: closing detaches for good", () => {
  const memory = reusing();
  const block = memory.take();
  memory.memoryFor(large);
  memory.close();
  memory.close();
  assert.equal(block.byteLength, 0);
});

test("owned: a packet that nearly fills the block gets it, others a copy of their length; all of them stay", () => {
  const memory = owning();
  const packets: { readonly buffer: ArrayBuffer; readonly length: number }[] = [];
  for (const length of [1000, large, blockLength / 2, blockLength, blockLength, 8]) {
    const block = memory.take();
    assert.equal(block.byteLength, blockLength);
    const copy = memory.memoryFor(length);
    assert.equal(copy === undefined, length >= large);
    packets.push({ buffer: copy ?? block.buffer, length: copy === undefined ? blockLength : length });
    assert.equal(memory.take() === block, copy !== undefined, "a block that no packet has is filled again");
  }
  memory.close();
  for (const { buffer, length } of packets) assert.equal(buffer.byteLength, length);
  assert.equal(new Set(packets.map(({ buffer }) => buffer)).size, packets.length, "each has one of its own");
});

test("what no packet was made of is neither detached nor made anew", () => {
  for (const memory of [reusing(), owning()]) assert.equal(memory.take(), memory.take());
});

/** A library's memory, which moves whenever it is told to. */
class MovingStaging implements Staging {
  bytes: Uint8Array<ArrayBuffer>;
  isFreed = false;

  constructor(byteLength: number) {
    this.bytes = new Uint8Array(byteLength);
  }

  move(): void {
    this.bytes = new Uint8Array(this.bytes.buffer.transfer());
  }

  free(): void {
    this.isFreed = true;
  }
}

test("what lies in a library's own memory is always copied, and asked for after it has moved", () => {
  for (const reuses of [false, true]) {
    const staging = new MovingStaging(blockLength);
    const memory = new PacketMemory(blockLength, { reuses, allocate, stage: () => staging });
    memory.take()[3] = 7;
    staging.move();
    assert.equal(memory.filled[3], 7);
    const packets = [1000, large, blockLength].map((length) => {
      const copy = memory.memoryFor(length)!;
      assert.equal(copy.byteLength, reuses && length > 1000 ? blockLength : length);
      assert.notEqual(copy, staging.bytes.buffer);
      memory.take();
      return copy.byteLength;
    });
    assert.deepEqual(packets, reuses ? [0, 0, 0] : [1000, large, blockLength], "reused ones are detached");
    assert.ok(!staging.isFreed);
    memory.close();
    assert.ok(staging.isFreed);
  }
});

/** A library's memory whose views can be detached. */
class LentStaging extends MovingStaging implements Lending {
  readonly lending = this;
  readonly told: string[] = [];
  readonly spare = new Uint8Array(1);

  detach(): void {
    this.told.push("detach");
    this.move();
  }

  leave(): void {
    this.told.push("leave");
    this.bytes = new Uint8Array(this.bytes.length);
  }
}

const lending = () => {
  const staging = new LentStaging(blockLength);
  return { staging, memory: new PacketMemory(blockLength, { reuses: true, allocate, stage: () => staging }) };
};

test("lent: a large packet is the library's memory itself, which taking and closing detach", () => {
  const { staging, memory } = lending();
  const first = memory.take();
  first[3] = 7;
  assert.equal(memory.memoryFor(large), undefined);
  assert.equal(memory.take()[3], 7);
  assert.equal(first.length, 0);
  const copy = memory.memoryFor(1000)!;
  memory.take();
  assert.deepEqual([copy.byteLength, staging.told], [0, ["detach"]], "small ones are copies");
  const last = memory.filled;
  memory.memoryFor(large);
  memory.close();
  assert.equal(last.length, 0);
});

test("lent, but the last packet is to stay: it does for good, and from then on packets are copies", () => {
  const { staging, memory } = lending();
  const first = memory.take();
  memory.memoryFor(large);
  assert.notEqual(memory.take(false).buffer, first.buffer);
  assert.deepEqual(staging.told, ["leave"]);
  const second = memory.memoryFor(large)!;
  assert.notEqual(second, staging.bytes.buffer);
  memory.take();
  assert.equal(second.byteLength, 0);
  memory.memoryFor(large);
  memory.close();
  assert.deepEqual([first.length, staging.told], [blockLength, ["leave"]]);
});

test("what is not reused is not lent", () => {
  const staging = new LentStaging(blockLength);
  const memory = new PacketMemory(blockLength, { reuses: false, allocate, stage: () => staging });
  memory.take();
  assert.notEqual(memory.memoryFor(blockLength), undefined);
});
