/** Seeks to random times of a recording, compared with what one decoding from its beginning to its end gives there. */

import assert from "node:assert/strict";
import { openRecording, type Packet, type Recording } from "../../../mod.ts";
import { lowerBound } from "../../../src/packets/slice.ts";
import type { Random } from "../../support/random.ts";

/** Words of EVT3 with everything that a decoder must remember: rows, bases, vectors, triggers, times, reports. */
export function scene(random: Random, rows: number): Uint16Array {
  const words: number[] = [];
  let time = 0;
  for (let row = 0; row < rows; row++) {
    if (row % 8 === 0) words.push(0x8000 | (time >> 12) & 0xfff);
    const low = time & 0xfff;
    time += random.whole(0, 900);
    if (time >> 12 !== (time - (time & 0xfff) + low) >> 12 || (time & 0xfff) < low) {
      words.push(0x8000 | (time >> 12) & 0xfff);
    }
    words.push(0x6000 | time & 0xfff, random.whole(0, 719));
    for (let event = random.whole(0, 12); event > 0; event--) {
      if (random.chance(0.7)) words.push(0x2000 | random.whole(0, 1) << 11 | random.whole(0, 1279));
      else words.push(0x3000 | random.whole(0, 1) << 11 | random.whole(0, 1247));
      while (random.chance(0.3) && words.some((word) => word >> 12 === 3)) words.push(0x4000 | random.whole(0, 0xfff));
    }
    if (random.chance(0.05)) words.push(0xa000 | random.whole(0, 3) << 8 | random.whole(0, 1));
    if (random.chance(0.02)) words.push(0xe014, 0xf000 | random.whole(0, 0xfff), 0xf000, 0x7000);
  }
  return Uint16Array.from(words);
}

/** All events of a recording, as columns. */
export class Linear {
  readonly t: Float64Array;
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  readonly on: Uint8Array;
  readonly triggers: Float64Array;

  constructor(packets: readonly Packet[]) {
    const polarity = packets.flatMap(({ polarityEvents }) => polarityEvents ?? []);
    const count = polarity.reduce((sum, { t }) => sum + t.length, 0);
    this.t = new Float64Array(count);
    this.x = new Uint16Array(count);
    this.y = new Uint16Array(count);
    this.on = new Uint8Array(count);
    let at = 0;
    for (const { t, x, y, on } of polarity) {
      this.t.set(t, at);
      this.x.set(x, at);
      this.y.set(y, at);
      this.on.set(on, at);
      at += t.length;
    }
    this.triggers = Float64Array.from(packets.flatMap(({ triggerEvents }) => Array.from(triggerEvents?.t ?? [])));
  }
}

/** Decodes a whole recording. */
export async function decodeLinearly(path: string): Promise<Linear> {
  const packets: Packet[] = [];
  await using recording = await openRecording(path, { keepIndex: false });
  for await (const { packet } of recording) packets.push(packet);
  return new Linear(packets);
}

/** Seeks so often, and fails at the first event that differs. Returns how long each took to its first event, in ms. */
export async function compareSeeks(
  recording: Recording,
  linear: Linear,
  random: Random,
  seeks: number,
): Promise<number[]> {
  const tookMs: number[] = [];
  const [first, last] = [linear.t[0]!, linear.t.at(-1)!];
  for (let seek = 0; seek < seeks; seek++) {
    // Between the events, at the very time of one, and just before and behind it.
    const time = random.chance(0.5)
      ? random.between(first - 1000, last + 1000)
      : linear.t[random.whole(0, linear.t.length - 1)]! + random.whole(-1, 1);
    const startMs = performance.now();
    await recording.seek(time);
    let at = lowerBound(linear.t, time);
    let trigger = lowerBound(linear.triggers, time);
    for await (const { packet: { polarityEvents, triggerEvents } } of recording) {
      if (tookMs.length === seek && (polarityEvents ?? triggerEvents)) tookMs.push(performance.now() - startMs);
      for (const t of triggerEvents?.t ?? []) assert.equal(t, linear.triggers[trigger++], `trigger after ${time} µs`);
      if (polarityEvents === undefined) continue;
      const { t, x, y, on } = polarityEvents;
      for (let index = 0; index < t.length; index++, at++) {
        const isSame = t[index] === linear.t[at] && x[index] === linear.x[at] && y[index] === linear.y[at] &&
          on[index] === linear.on[at];
        if (!isSame) {
          assert.fail(
            `event ${at} after a seek to ${time} µs is (${t[index]}, ${x[index]}, ${y[index]}, ${on[index]})`,
          );
        }
      }
      break;
    }
    if (at === lowerBound(linear.t, time)) assert.equal(at, linear.t.length, `no event after ${time} µs`);
    if (tookMs.length === seek) tookMs.push(performance.now() - startMs);
  }
  return tookMs;
}
