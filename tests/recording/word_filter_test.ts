import assert from "node:assert/strict";
import { test } from "node:test";
import { WordFilter } from "../../src/recording/word_filter.ts";

const bytesOf = (...words: number[]) => new Uint8Array(Uint16Array.from(words).buffer);

/** TIME_HIGH 1, TIME_LOW 7, ADDR_Y 100, ADDR_X 200. */
const event = [0x8001, 0x6007, 0x0064, 0x28c8];

test("of a packet in raw mode the words behind a loss wait for a time and a row", () => {
  const filter = new WordFilter("evt3", 0);
  // An event and one byte of a word are there; what comes next has lost its row; a jump of the time loses nothing.
  const packet = Uint8Array.of(...bytesOf(...event), 0xc9, ...bytesOf(0x28ca, ...event));
  const gaps = [{ byteIndex: 9, droppedTransfers: 1 }, { byteIndex: 13, droppedTransfers: 0 }];
  const kept = [...filter.takePacket(packet, gaps)].flatMap((words) => [...words]);
  assert.deepEqual(kept, [...bytesOf(...event, ...event)]);
  assert.equal(filter.skippedBytes, 3);
  assert.deepEqual([...filter.takePacket(bytesOf(0x28cb), [])].flatMap((words) => [...words]), [...bytesOf(0x28cb)]);
});
