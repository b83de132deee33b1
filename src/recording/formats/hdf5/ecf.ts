/**
 * ECF, Prophesee's codec for chunks of events in HDF5. All little-endian:
 *
 *     u32 events << 2 | A << 1 | B    u64 time of the first event
 *     times    d << 4 | c: the time grows by d, then c events have it. c = 15: u16 events. d = 15: c is a nibble of a
 *              longer growth, the lowest first, and the byte behind them has d below 15
 *     A set:   y, x and polarity of 4 events in three u32
 *     else     rows y << 5 | c: c events have row y. c = 31: u16 events
 *       B set: x and polarity of 4 events in three u16
 *       else   x << 5 | mask: an event at x, and one at x + 1 + i where bit 4 - i is set
 *              polarities p << 7 | c: c events. c = 127: u16 events
 */

import { Malformed } from "../../codecs/malformed.ts";
import type { PolarityEvents } from "../../../packets/columns.ts";

/** A longer growth has at most 16 nibbles. */
const mostNibbles = 16;

/** The events of a chunk. */
export function decodeEcf(bytes: Uint8Array): PolarityEvents {
  if (bytes.length < 12) throw new Malformed("an ECF chunk ends in its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = view.getUint32(0, true);
  const count = head >>> 2;
  // A byte holds at most 65,535 events at one time and polarity, and no chunk more than that.
  if (count > 0xffff) throw new Malformed(`an ECF chunk has ${count} events, and 65,535 is the most`);
  const events = {
    t: new Float64Array(count),
    x: new Uint16Array(count),
    y: new Uint16Array(count),
    on: new Uint8Array(count),
  };
  const firstTime = view.getUint32(4, true) + view.getInt32(8, true) * 2 ** 32;
  const cursor = { view, at: 12 };
  readTimes(cursor, firstTime, events.t);
  if (head & 2) {
    readPacked(cursor, events);
  } else {
    readRuns(cursor, events.y, 2, 5);
    if (head & 1) {
      readPackedX(cursor, events);
    } else {
      readMaskedX(cursor, events.x);
      readRuns(cursor, events.on, 1, 7);
    }
  }
  return events;
}

/** Where the next part of a chunk begins. */
interface Cursor {
  readonly view: DataView;
  at: number;
}

function readTimes(cursor: Cursor, firstTime: number, t: Float64Array): void {
  const { view } = cursor;
  let [time, at, index] = [firstTime, cursor.at, 0];
  let [growth, nibbles] = [0, 0];
  while (index < t.length) {
    const byte = view.getUint8(at++);
    const [difference, low] = [byte >> 4, byte & 15];
    if (difference === 15) {
      if (nibbles === mostNibbles) throw new Malformed("a time of an ECF chunk grows beyond 64 bits");
      growth += low * 16 ** nibbles++;
      continue;
    }
    time += growth + difference;
    [growth, nibbles] = [0, 0];
    let run = low;
    if (run === 15) {
      run = view.getUint16(at, true);
      at += 2;
    }
    if (run > t.length - index) throw new Malformed("an ECF chunk has more times than events");
    t.fill(time, index, index + run);
    index += run;
  }
  if (!Number.isSafeInteger(time)) throw new Malformed(`the time ${time} is larger than 2^53`, "unsupported");
  cursor.at = at;
}

/** Runs of one value: words of so many bytes, the value above so many bits of the length. */
function readRuns(cursor: Cursor, values: Uint16Array | Uint8Array, wordBytes: 1 | 2, lengthBits: number): void {
  const { view } = cursor;
  const most = (1 << lengthBits) - 1;
  let [at, index] = [cursor.at, 0];
  while (index < values.length) {
    const word = wordBytes === 1 ? view.getUint8(at) : view.getUint16(at, true);
    at += wordBytes;
    let run = word & most;
    if (run === most) {
      run = view.getUint16(at, true);
      at += 2;
    }
    if (run > values.length - index) throw new Malformed("an ECF chunk has more rows or polarities than events");
    values.fill(word >> lengthBits, index, index + run);
    index += run;
  }
  cursor.at = at;
}

function readMaskedX(cursor: Cursor, x: Uint16Array): void {
  const { view } = cursor;
  let [at, index] = [cursor.at, 0];
  while (index < x.length) {
    const word = view.getUint16(at, true);
    at += 2;
    const column = word >> 5;
    x[index++] = column;
    // At the end bits may stand for events that are none; typed arrays drop what is written behind them.
    for (let bit = 4; bit >= 0; bit--) if ((word >> bit) & 1) x[index++] = column + 5 - bit;
  }
  cursor.at = at;
}

function readPacked(cursor: Cursor, events: PolarityEvents): void {
  const { view } = cursor;
  const put = (index: number, word: number) => {
    events.y[index] = word >>> 12;
    events.x[index] = (word >>> 1) & 0x7ff;
    events.on[index] = word & 1;
  };
  for (let index = 0; index < events.t.length; index += 4, cursor.at += 12) {
    const [a, b, c] = [
      view.getUint32(cursor.at, true),
      view.getUint32(cursor.at + 4, true),
      view.getUint32(cursor.at + 8, true),
    ];
    put(index, a >>> 8);
    put(index + 1, (a & 0xff) | ((b >>> 16) << 8));
    put(index + 2, (b & 0xffff) | ((c >>> 24) << 16));
    put(index + 3, c & 0xffffff);
  }
}

function readPackedX(cursor: Cursor, events: PolarityEvents): void {
  const { view } = cursor;
  const put = (index: number, word: number) => {
    events.x[index] = word >>> 1;
    events.on[index] = word & 1;
  };
  for (let index = 0; index < events.t.length; index += 4, cursor.at += 6) {
    const [a, b, c] = [
      view.getUint16(cursor.at, true),
      view.getUint16(cursor.at + 2, true),
      view.getUint16(cursor.at + 4, true),
    ];
    put(index, a >> 4);
    put(index + 1, (a & 0xf) | ((b >> 8) << 4));
    put(index + 2, (b & 0xff) | ((c >> 12) << 8));
    put(index + 3, c & 0xfff);
  }
}
