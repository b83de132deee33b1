/** A recording whose events are known, and what of it the strangers must have seen in each of their phases. */

import assert from "node:assert/strict";
import type { Geometry } from "../../mod.ts";
import { type Recording, writeRecording } from "../support/recording.ts";
import { Random } from "../support/random.ts";

/** The loop's length, a power of two: after the sensor's clock has wrapped, it still begins at multiples of it. */
export const windowUs = 2 ** 17;

const intervalUs = 16;
const timeHighUs = 4096;

/** An event; in a recording, `t` counts from the beginning of the loop. */
export interface KnownEvent {
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
}

const imx636: Geometry = { width: 1280, height: 720 };

/** An event each 16 µs, anywhere on the sensor. */
export function makeKnownEvents(random: Random, { width, height }: Geometry = imx636): KnownEvent[] {
  return Array.from({ length: windowUs / intervalUs }, (_, index) => ({
    t: index * intervalUs,
    x: random.whole(0, width - 1),
    y: random.whole(0, height - 1),
    on: random.whole(0, 1) === 1,
  }));
}

/** The events as a RAW file. */
export function recordKnownEvents(events: readonly KnownEvent[]): Recording {
  return writeRecording(events.flatMap(({ t, x, y, on }) => [
    ...(t % timeHighUs === 0 ? [0x8000 | t / timeHighUs] : []),
    0x6000 | t % timeHighUs,
    y,
    0x2000 | (on ? 0x800 : 0) | x,
  ]));
}

/** Reads what a stranger wrote: t, x, y, on in 16 bytes. */
export function readEvents(bytes: Uint8Array): KnownEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / 16 }, (_, index) => ({
    t: Number(view.getBigUint64(16 * index, true)),
    x: view.getUint16(16 * index + 8, true),
    y: view.getUint16(16 * index + 10, true),
    on: view.getUint8(16 * index + 12) === 1,
  }));
}

/** One phase of a stranger. */
export interface Phase {
  readonly name: string;
  readonly check: (seen: readonly KnownEvent[], known: readonly KnownEvent[]) => void;
}

/** The phases in which a stranger changes nothing. */
export const wholePhases: readonly Phase[] = ["defaults", "again"].map((name) => ({
  name,
  check: (seen, known) => {
    compareOneByOne(seen, known, () => true);
    assert.ok(seen.length > 2 * known.length, `${seen.length} events`);
  },
}));

/** Those in which it changes the configuration. */
export const changedPhases: readonly Phase[] = [
  {
    name: "masks",
    // Columns 0 to 319 and rows 656 to 719 are masked.
    check: (seen, known) => compareOneByOne(seen, known, ({ x, y }) => x >= 320 && y < 656),
  },
  {
    name: "biases",
    // A higher `diff_on`.
    check: (seen, known) => {
      compareOneByOne(seen.filter(({ on }) => !on), known, ({ on }) => !on);
      checkAreKnown(seen, known);
      const share = seen.filter(({ on }) => on).length / (2 * known.filter(({ on }) => on).length);
      assert.ok(share > 0 && share < 0.75, `of the ON events, ${share} were seen`);
    },
  },
  {
    name: "limiter",
    // The camera was opened with 20 events in 1000 µs.
    check: (seen, known) => {
      checkAreKnown(seen, known);
      const allowed = (seen.at(-1)!.t - seen[0]!.t) / 1000 * 20;
      assert.ok(seen.length <= allowed + 40 && seen.length > 0.95 * allowed, `${seen.length} of ${allowed} events`);
    },
  },
];

/** What a stranger prints. */
interface Report {
  readonly listed: readonly { readonly name: string; readonly serial: string }[];
  /** Where the stranger reads it of this camera. */
  readonly temperatureCelsius?: number;
  /** Where the stranger tells it. */
  readonly diffOn?: { readonly minimum: number; readonly maximum: number };
  readonly dropped: number;
}

/** OpenEB logs to the same output, for example that a clock has begun again. */
function lineOfReport(text: string): string {
  return text.split("\n").find((line) => line.startsWith("{")) ?? assert.fail(text);
}

/** Checks what a stranger says of a camera beside its events. */
export function checkReport(text: string, camera: { readonly name: string; readonly serial: string }): void {
  const { listed, temperatureCelsius, diffOn, dropped }: Report = JSON.parse(lineOfReport(text));
  assert.deepEqual(listed.map(({ name, serial }) => ({ name, serial })), [camera]);
  if (temperatureCelsius !== undefined) {
    assert.ok(temperatureCelsius > 0 && temperatureCelsius < 100, `${temperatureCelsius} °C`);
  }
  if (diffOn !== undefined) {
    // Offsets from the chip's own code: both directions are open, and together they are all codes.
    assert.ok(diffOn.minimum < 0 && diffOn.maximum > 0, JSON.stringify(diffOn));
    assert.equal(diffOn.maximum - diffOn.minimum, 255);
  }
  assert.equal(dropped, 0);
}

/** Nothing is missing, nothing is too much, and each event is the known one. */
export function compareOneByOne(
  seen: readonly KnownEvent[],
  known: readonly KnownEvent[],
  isKept: (event: KnownEvent) => boolean,
): void {
  const kept = known.filter(isKept);
  assert.ok(seen.length > 0, "no event was seen");
  let index = kept.findIndex(({ t }) => t === seen[0]!.t % windowUs);
  let loopUs = seen[0]!.t - seen[0]!.t % windowUs;
  for (const [position, event] of seen.entries()) {
    if (index === kept.length) {
      index = 0;
      loopUs += windowUs;
    }
    const { t, ...others } = kept[index] ?? assert.fail(`no event has the time ${event.t}`);
    assert.deepEqual(event, { ...others, t: loopUs + t }, `event ${position}`);
    index += 1;
  }
  assert.equal(index, kept.length, "the last loop is not complete");
}

/** Each event is a known one, later than the one before it. */
function checkAreKnown(seen: readonly KnownEvent[], known: readonly KnownEvent[]): void {
  let last = -1;
  for (const { t, ...others } of seen) {
    const { t: _, ...expected } = known[t % windowUs / intervalUs] ?? assert.fail(`no event has the time ${t}`);
    assert.deepEqual(others, expected);
    assert.ok(t > last, `${t} µs after ${last} µs`);
    last = t;
  }
}
