import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createDecoder, type Decoder } from "../../mod.ts";
import { parseReceipt, type Receipt, type ReceiptBlock, receiptPathOf } from "../../src/recording/receipt.ts";
import { xxh64 } from "./xxh64.ts";

/** A recording with its receipt, as they lie on the disk. */
export interface Recorded {
  readonly file: Uint8Array<ArrayBuffer>;
  /** What follows the header. */
  readonly words: Uint8Array<ArrayBuffer>;
  readonly receipt: Receipt;
}

/** Reads both. */
export function readRecorded(path: string, receiptPath = receiptPathOf(path)): Recorded {
  const file = new Uint8Array(readFileSync(path));
  const receipt = parseReceipt(new Uint8Array(readFileSync(receiptPath)), receiptPath);
  const { headerBytes } = receipt.start;
  assert.equal(new TextDecoder().decode(file.subarray(headerBytes - 6, headerBytes)), "% end\n");
  return { file, words: file.subarray(headerBytes), receipt };
}

/** Whether a receipt tells what the file is: each block's hash and counts, and the sums where it has its end. */
export async function assertReceiptFits({ file, receipt }: Recorded): Promise<void> {
  const { start, blocks, gaps, end } = receipt;
  using decoder = await createDecoder({ format: "evt3", width: start.width, height: start.height });
  let at = 0;
  let [polarity, trigger] = [0, 0];
  for (const block of blocks) {
    assert.equal(block.at, at);
    const bytes = file.subarray(at, at + block.bytes);
    assert.equal(bytes.length, block.bytes, "the file goes on to the end of its receipt");
    assert.equal(xxh64(bytes), block.hash);
    assert.deepEqual(countEvents(decoder, file, block, receipt), [block.polarityEvents, block.triggerEvents]);
    assert.equal(decoder.currentTime ?? null, block.t);
    polarity += block.polarityEvents;
    trigger += block.triggerEvents;
    at += block.bytes;
  }
  for (const gap of gaps) assert.ok(gap.at <= file.length);
  if (end === undefined) return;
  assert.deepEqual(
    { bytes: end.bytes, polarity: end.polarityEvents, trigger: end.triggerEvents, gaps: end.gaps },
    { bytes: file.length, polarity, trigger, gaps: gaps.length },
  );
  assert.equal(end.bytes, at);
  assert.equal(gaps.reduce((sum, { droppedBytes }) => sum + droppedBytes, 0), end.droppedBytes);
}

/** The events of a block, with a decoder that is told of losses in it. */
function countEvents(decoder: Decoder, file: Uint8Array, block: ReceiptBlock, { start, gaps }: Receipt): number[] {
  const counts = [0, 0];
  let at = Math.max(block.at, start.headerBytes);
  const decodeUntil = (end: number) => {
    if (end <= at) return;
    for (const { polarityEvents, triggerEvents } of decoder.decode(file.subarray(at, end))) {
      counts[0]! += polarityEvents?.t.length ?? 0;
      counts[1]! += triggerEvents?.t.length ?? 0;
    }
    at = end;
  };
  for (const gap of gaps) {
    if (gap.droppedTransfers === 0 || gap.at < block.at || gap.at >= block.at + block.bytes) continue;
    decodeUntil(gap.at);
    decoder.gap(gap.silenceUs);
  }
  decodeUntil(block.at + block.bytes);
  return counts;
}
