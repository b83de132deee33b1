import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decoder } from "../../../../src/decoder/decoder.ts";
import { noGap } from "../../../../src/packets/status.ts";
import { LiveDecoder } from "../../../../src/viewer/page/renderer/live_decoder.ts";
import { statusWith } from "../../testing/packets.ts";

/** A decoder that logs what it is told. */
function logging(log: string[]) {
  const statistics = { outOfSensor: 3, timeDiscontinuities: 0 };
  return {
    statistics,
    currentTime: 70,
    gap: (silenceUs: number) => void log.push(`gap ${silenceUs}`),
    pause: (silenceUs: number) => void log.push(`pause ${silenceUs}`),
  };
}

test("a decoder is told of each loss and pause between the bytes around it", () => {
  const log: string[] = [];
  const live = new LiveDecoder(logging(log) as unknown as Decoder);
  const loss = { ...noGap, droppedTransfers: 1, silenceUs: 5 };
  const gaps = [loss, { ...noGap, byteIndex: 2, silenceUs: 9_000_000 }, { ...loss, byteIndex: 5 }];
  const packet = Uint8Array.of(1, 2, 3, 4, 5);
  const status = live.read({ status: statusWith({ gaps, bytes: 5 }), packet }, (bytes) => void log.push(bytes.join()));
  assert.deepEqual(log, ["gap 5", "1,2", "pause 9000000", "3,4,5", "gap 5"]);
  assert.deepEqual(status.gaps, [gaps[0], gaps[2]]);
  assert.equal(status.bytes, 5);
  assert.equal(status.currentTime, 70);
});

test("faults are those since the item before, and the delay is that until now", () => {
  const decoder = logging([]);
  const live = new LiveDecoder(decoder as unknown as Decoder);
  const read = () =>
    live.read({ status: statusWith({ receivedMs: Date.now() - 500 }), packet: new Uint8Array(0) }, () => {});
  assert.equal(read().outOfSensor, 3);
  Object.assign(decoder.statistics, { outOfSensor: 4, timeDiscontinuities: 2 });
  const { outOfSensor, timeDiscontinuities, delayMs } = read();
  assert.deepEqual([outOfSensor, timeDiscontinuities], [1, 2]);
  assert.ok(delayMs >= 500 && delayMs < 60_000, `${delayMs}`);
});
