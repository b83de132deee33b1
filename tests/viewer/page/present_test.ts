import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../src/packets/status.ts";
import type { RawItem } from "../../../src/viewer/page/renderer/live_decoder.ts";
import { Present } from "../../../src/viewer/page/sources/present.ts";
import { statusWith } from "../testing/packets.ts";

/** Bytes that were received so many ms ago. */
function itemOf(bytes: number, ageMs: number): RawItem {
  return { status: statusWith({ bytes, receivedMs: Date.now() - ageMs }), packet: new Uint8Array(bytes) };
}

async function read(items: AsyncIterable<RawItem>): Promise<{ statuses: Status[]; error: unknown }> {
  const statuses: Status[] = [];
  try {
    for await (const { status } of items) statuses.push(status);
    return { statuses, error: undefined };
  } catch (error) {
    return { statuses, error };
  }
}

test("what is late is left out with all that waits behind it, and is a gap before what comes next", async () => {
  async function* items() {
    yield itemOf(10, 0);
    yield itemOf(20, 60_000);
    yield itemOf(0, 0); // a loss stands before bytes
    yield itemOf(50, 0);
  }
  let cleared = 0;
  const backlog = () => statusWith({ rawPackets: 7, bytes: cleared++ === 0 ? 1000 : 0, droppedBytes: 5 });
  const present = new Present(() => 0);
  const { statuses } = await read(present.itemsOf(items(), backlog));
  assert.deepEqual(statuses.map(({ bytes, droppedBytes }) => [bytes, droppedBytes]), [[10, 0], [
    50,
    20 + 1000 + 2 * 5,
  ]]);
  assert.equal(present.leftOutBytes, 20 + 1000);
  const [gap] = statuses[1]!.gaps;
  assert.deepEqual([gap!.byteIndex, gap!.droppedBytes], [0, 1030]);
  assert.ok(gap!.droppedTransfers > 0);
});

test("what was left out last is told before the end, and before an error", async () => {
  const failure = new Error("unplugged");
  async function* items() {
    yield itemOf(10, 0);
    yield itemOf(20, 60_000);
    throw failure;
  }
  const { statuses, error } = await read(new Present(() => 0).itemsOf(items()));
  assert.equal(error, failure);
  assert.deepEqual(statuses.map(({ bytes, droppedBytes }) => [bytes, droppedBytes]), [[10, 0], [0, 20]]);
});
