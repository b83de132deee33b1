import assert from "node:assert/strict";
import { test } from "node:test";
import { noGap } from "../../src/packets/status.ts";
import { LeftOut } from "../../src/viewer/left_out.ts";
import { statusWith } from "./testing/packets.ts";

const loss = (byteIndex: number, droppedBytes: number) => ({ ...noGap, byteIndex, droppedTransfers: 1, droppedBytes });

test("what is left out, and what had been lost in it, is a gap before the next message's first byte", () => {
  const leftOut = new LeftOut();
  const before = statusWith({ receivedMs: 1000, bytes: 10 });
  assert.equal(leftOut.put(before), before);
  leftOut.add(statusWith({ receivedMs: 1010, rawPackets: 2, bytes: 20 }));
  leftOut.add(
    statusWith({ rawPackets: 1, bytes: 10, droppedTransfers: 1, droppedBytes: 7, gaps: [loss(4, 7)] }),
  );
  assert.deepEqual(leftOut.skipped, { rawPackets: 3, bytes: 30 });
  const gaps = [loss(0, 5), loss(6, 3)];
  const next = statusWith({ receivedMs: 1040, bytes: 10, droppedTransfers: 2, droppedBytes: 8, gaps });
  const { droppedTransfers, droppedBytes, gaps: told } = leftOut.put(next);
  assert.deepEqual([droppedTransfers, droppedBytes], [6, 45]);
  const first = { ...noGap, droppedTransfers: 5, droppedBytes: 42, silenceUs: 40_000 };
  assert.deepEqual(told, [first, loss(6, 3)]);
  assert.equal(leftOut.isSomething, false);
  assert.equal(leftOut.put(before), before);
});

test("a status without bytes is no end of the silence before a gap", () => {
  const leftOut = new LeftOut();
  leftOut.put(statusWith({ receivedMs: 1000, bytes: 10 }));
  leftOut.put(statusWith({ receivedMs: 9000 }));
  leftOut.add(statusWith({ receivedMs: 9500, bytes: 10 }));
  assert.equal(leftOut.put(statusWith({ receivedMs: 11_000, bytes: 10 })).gaps[0]!.silenceUs, 10_000_000);
});

test("at the end, what was left out is told by a status without bytes, once", () => {
  const leftOut = new LeftOut();
  assert.equal(leftOut.putRest(), undefined);
  leftOut.add(statusWith({ rawPackets: 0, bytes: 0 }));
  assert.equal(leftOut.putRest(), undefined);
  leftOut.add(statusWith({ rawPackets: 2, bytes: 20, droppedTransfers: 1, droppedBytes: 9 }));
  const rest = leftOut.putRest()!;
  assert.deepEqual([rest.bytes, rest.rawPackets, rest.droppedTransfers, rest.droppedBytes], [0, 0, 3, 29]);
  assert.equal(leftOut.putRest(), undefined);
});
