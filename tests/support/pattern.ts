import assert from "node:assert/strict";
import type { Gap } from "../../mod.ts";

/**
 * Reads the virtual camera's pattern, 64-bit numbers one after the other, and keeps the account of what is missing. A
 * number that comes again or too early, and a gap that is not as large as it says, are errors.
 */
export class PatternReader {
  /** Bytes read. */
  read = 0;
  /** Bytes missing where a gap says so. */
  marked = 0;
  /** Bytes missing elsewhere: lost in the camera. */
  unmarked = 0;
  /** Gaps seen. */
  gaps = 0;
  #next: number | undefined;

  /** Takes the packets of one stream in their order. */
  take(packet: Uint8Array, gaps: readonly Gap[]): void {
    assert.equal(packet.length % 8, 0, "whole numbers");
    const halves = new Uint32Array(packet.buffer, packet.byteOffset, packet.length / 4);
    let start = 0;
    for (const { byteIndex, droppedBytes } of gaps) {
      this.#takeRun(halves, start, byteIndex / 4);
      this.#skip(halves, byteIndex / 4, droppedBytes);
      start = byteIndex / 4;
    }
    this.#takeRun(halves, start, halves.length);
    this.read += packet.length;
  }

  /** Tells of bytes that will not come, because the program threw them away. */
  leaveOut(bytes: number): void {
    if (this.#next !== undefined) this.#next += bytes / 8;
  }

  #skip(halves: Uint32Array, index: number, droppedBytes: number): void {
    this.gaps += 1;
    this.marked += droppedBytes;
    if (this.#next === undefined) return; // nothing to compare with
    const missing = 8 * (numberAt(halves, index) - this.#next);
    assert.ok(missing >= droppedBytes, `${missing} bytes are missing at a gap of ${droppedBytes}`);
    this.#next += droppedBytes / 8;
  }

  #takeRun(halves: Uint32Array, start: number, end: number): void {
    if (start === end) return;
    let next = this.#next ?? numberAt(halves, start);
    let index = start;
    while (true) {
      const runStart = index;
      // The lower halves alone show a difference; the numbers around it are looked at whole.
      let low = next % 2 ** 32;
      while (index < end && halves[index] === low) {
        low = (low + 1) >>> 0;
        index += 2;
      }
      next += (index - runStart) / 2;
      if (index === end) break;
      const number = numberAt(halves, index);
      assert.ok(number > next, `number ${number} in the place of ${next}`);
      this.unmarked += 8 * (number - next);
      next = number;
    }
    assert.equal(numberAt(halves, end - 2), next - 1);
    this.#next = next;
  }
}

function numberAt(halves: Uint32Array, index: number): number {
  return halves[index]! + halves[index + 1]! * 2 ** 32;
}
