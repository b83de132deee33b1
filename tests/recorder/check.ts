/** Whether a recording is what its program must have left, at whatever moment it ended. */

import assert from "node:assert/strict";
import type { ReceiptBlock } from "../../src/recording/receipt.ts";
import { PatternReader } from "../support/pattern.ts";
import type { Random } from "../support/random.ts";
import { readRecorded, type Recorded } from "../support/recorded.ts";
import { xxh64 } from "../support/xxh64.ts";

/** What a file holds. */
export interface Found extends Recorded {
  /** The pattern's last number. */
  readonly lastNumber: number;
}

/** Words before this place of a pattern may have been left out, as they had no time, row or base. */
const settled = 2 << 20;

/** The blocks whose hashes are compared: all would take longer than the recording. */
const blocksCompared = 3;

/**
 * Reads a recording of the pattern, and fails where a byte of it is missing or wrong, or its receipt tells of anything
 * else than what lies there. The receipt of a killed program may end some blocks before the file.
 */
export function check(path: string, random: Random): Found {
  const recorded = readRecorded(path);
  const { file, words, receipt: { blocks, gaps, end } } = recorded;
  const told = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(told <= file.length, `the receipt tells of ${told} bytes, the file has ${file.length}`);
  if (end !== undefined) assert.deepEqual([end.bytes, told], [file.length, file.length]);
  const compare = ({ at, bytes, hash }: ReceiptBlock) => assert.equal(xxh64(file.subarray(at, at + bytes)), hash);
  for (let count = 0; count < blocksCompared && blocks.length > 0; count++) compare(random.pick(blocks));
  assert.deepEqual(gaps.filter(({ droppedTransfers }) => droppedTransfers > 0), []);
  return { ...recorded, lastNumber: readPattern(words) };
}

function readPattern(words: Uint8Array<ArrayBuffer>): number {
  if (words.length < settled + 64) return NaN;
  const start = alignmentOf(words, settled);
  const numbers = words.slice(start, words.length - (words.length - start) % 8);
  const reader = new PatternReader();
  reader.take(numbers, []);
  assert.equal(reader.unmarked % 8, 0);
  const halves = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length / 4);
  return halves.at(-2)! + halves.at(-1)! * 2 ** 32;
}

/** The first place from a position on where a number of the pattern begins: its upper half is 0. */
function alignmentOf(words: Uint8Array, position: number): number {
  for (let at = position;; at++) {
    if ([4, 5, 6, 7, 12, 13, 14, 15].every((offset) => words[at + offset] === 0) && words[at] !== 0) return at;
  }
}
