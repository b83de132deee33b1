/** Writes chunks in ECF in each of its three forms, for tests of the reader: no file of it is in the project. */

import type { EventList } from "./events.ts";

/** Which parts are packed together. */
export type EcfForm = "masked" | "x and polarity" | "all";

/** A chunk with events whose times do not fall. */
export function ecfChunk(events: EventList, form: EcfForm): Uint8Array {
  const bytes: number[] = [];
  const u16 = (value: number) => bytes.push(value & 255, value >> 8 & 255);
  const u32 = (value: number) => bytes.push(value & 255, value >>> 8 & 255, value >>> 16 & 255, value >>> 24);
  u32((events.length << 2 | (form === "all" ? 2 : form === "x and polarity" ? 1 : 0)) >>> 0);
  const firstTime = events[0]?.[0] ?? 0;
  u32(firstTime % 2 ** 32);
  u32(Math.floor(firstTime / 2 ** 32));
  addTimes(events.map(([t]) => t), bytes, u16);
  if (form === "all") {
    addGroups(events.map(([, x, y, on]) => y << 12 | x << 1 | on), (w) => {
      u32((w[0]! << 8 | w[1]! & 0xff) >>> 0);
      u32((w[1]! >> 8 << 16 | w[2]! & 0xffff) >>> 0);
      u32((w[2]! >> 16 << 24 | w[3]!) >>> 0);
    });
    return Uint8Array.from(bytes);
  }
  for (const [y, count] of runs(events.map(([, , y]) => y))) {
    u16(y << 5 | Math.min(count, 31));
    if (count >= 31) u16(count);
  }
  if (form === "x and polarity") {
    addGroups(events.map(([, x, , on]) => x << 1 | on), (w) => {
      u16(w[0]! << 4 | w[1]! & 0xf);
      u16(w[1]! >> 4 << 8 | w[2]! & 0xff);
      u16(w[2]! >> 8 << 12 | w[3]!);
    });
    return Uint8Array.from(bytes);
  }
  addMasked(events.map(([, x]) => x), u16);
  for (const [on, count] of runs(events.map(([, , , on]) => on))) {
    bytes.push(on << 7 | Math.min(count, 127));
    if (count >= 127) u16(count);
  }
  return Uint8Array.from(bytes);
}

function addTimes(times: readonly number[], bytes: number[], u16: (value: number) => void): void {
  let before = times[0] ?? 0;
  for (const [time, count] of runs(times)) {
    let difference = time - before;
    before = time;
    if (difference >= 15) {
      for (; difference > 0; difference = Math.floor(difference / 16)) bytes.push(0xf0 | difference % 16);
    }
    bytes.push(difference << 4 | Math.min(count, 15));
    if (count >= 15) u16(count);
  }
}

function addMasked(columns: readonly number[], u16: (value: number) => void): void {
  for (let i = 0; i < columns.length;) {
    const x = columns[i++]!;
    let mask = 0;
    for (let last = x; i < columns.length && columns[i]! > last && columns[i]! <= x + 5;) {
      last = columns[i++]!;
      mask |= 1 << 5 - (last - x);
    }
    // As the reference encoder may leave bits for events that are none.
    if (i === columns.length && mask === 0) mask = 0b10101;
    u16(x << 5 | mask);
  }
}

function addGroups(words: readonly number[], add: (group: readonly number[]) => void): void {
  for (let i = 0; i < words.length; i += 4) add([0, 1, 2, 3].map((j) => words[i + j] ?? 0));
}

function runs(values: readonly number[]): [value: number, count: number][] {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[0] === value && last[1] < 65_535) last[1]++;
    else found.push([value, 1]);
  }
  return found;
}
