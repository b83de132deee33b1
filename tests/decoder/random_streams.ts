/** Streams of every format at random, valid in parts, for tests. */

import type { EventFormat } from "../../mod.ts";
import type { Random } from "../support/random.ts";
import { bytesOf32, bytesOf64, continued, event, other, timeHigh, trigger, widened } from "./evt2_words.ts";
import { bytesOf16 } from "./evt3_words.ts";

/** Makes one word of a kind. */
type MakeWord<Word> = () => Word;

/** What words there are in a format. */
interface Kinds<Word> {
  /** Those from which events come. */
  readonly events: readonly MakeWord<Word>[];
  readonly triggers: readonly MakeWord<Word>[];
  readonly others: readonly MakeWord<Word>[];
}

/** What three of four words are; without it, which kinds are frequent differs from stream to stream. */
export type Mostly = "events" | "triggers" | undefined;

/** A stream of this many words. */
export function randomStream(
  format: EventFormat,
  random: Random,
  count: number,
  mostly?: Mostly,
): Uint8Array<ArrayBuffer> {
  switch (format) {
    case "evt3":
      return bytesOf16([0x8000, 0x0005, ...randomWords(evt3Kinds(random), random, count, mostly)]);
    case "evt2":
      return bytesOf32([timeHigh(0), ...randomWords(evt2Kinds(random), random, count, mostly)]);
    case "evt21":
    case "evt21-legacy": {
      const words = [widened(timeHigh(0)), ...randomWords(evt21Kinds(random), random, count, mostly)];
      return bytesOf64(words, format === "evt21" ? "little" : "legacy");
    }
    case "evt4":
      return bytesOf32(
        [0xe000_0000, ...randomWords(evt4Kinds(random), random, count, mostly).flat()].slice(0, count + 1),
      );
  }
}

function randomWords<Word>(kinds: Kinds<Word>, random: Random, count: number, mostly: Mostly): Word[] {
  const all = [...kinds.events, ...kinds.triggers, ...kinds.others];
  const weights = all.map(() => random.next() ** 4);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: count }, () => {
    if (mostly !== undefined && random.chance(0.75)) return random.pick(kinds[mostly])();
    let place = random.between(0, total);
    return all.at(weights.findIndex((weight) => (place -= weight) < 0))!();
  });
}

/** Words of EVT2 by the numbers that EVT4 has for them, and vectors with their masks. */
function evt4Kinds(random: Random): Kinds<number[]> {
  const evt2 = evt2Kinds(random);
  const numbers: Readonly<Record<number, number>> = { 0x0: 0xa, 0x1: 0xb, 0x8: 0xe, 0xa: 0x9, 0xe: 0x6, 0xf: 0x7 };
  const renumbered = (word: number) => (((numbers[word >>> 28] ?? 0) << 28) | (word & 0xfff_ffff)) >>> 0;
  const same = (make: MakeWord<number>) => () => [renumbered(make())];
  const vector =
    (make: MakeWord<number>) => () => [(renumbered(make()) + 0x2000_0000) >>> 0, random.whole(0, 2 ** 32 - 1)];
  return {
    events: [...evt2.events.map(same), ...evt2.events.map(vector)],
    triggers: evt2.triggers.map(same),
    others: evt2.others.map(same),
  };
}

/** A counter that mostly counts on, and at times stays or jumps. */
function counter(random: Random, end: number): () => number {
  let value = 0;
  return () => {
    value = random.chance(0.9) ? (value + random.whole(0, 1)) % end : random.whole(0, end - 1);
    return value;
  };
}

function evt3Kinds(random: Random): Kinds<number> {
  const high = counter(random, 0x1000);
  const word = (kind: number, low: number, end: number) => () => kind << 12 | random.whole(low, end);
  return {
    events: [word(0x2, 0, 0xfff), word(0x3, 0, 0xfff), word(0x4, 0, 0xfff), word(0x5, 0, 0xfff)],
    triggers: [word(0xa, 0, 0xfff)],
    others: [
      () => 0x8000 | high(),
      word(0x6, 0, 0xfff),
      word(0x0, 0, 500), // rows, some of them beyond the sensor
      () => 0xe000 | random.pick([0x014, 0x016, 0x123]),
      word(0xf, 0, 0xfff),
      word(0x7, 0, 0xf),
      () => random.whole(0, 0xffff),
    ],
  };
}

function evt2Kinds(random: Random): Kinds<number> {
  const high = counter(random, 2 ** 28);
  const low = () => random.whole(0, 63);
  return {
    events: [() => event(random.pick([0, 1]), low(), random.whole(0, 700), random.whole(0, 500))],
    triggers: [() => trigger(low(), random.whole(0, 31), random.pick([0, 1]))],
    others: [
      () => timeHigh(high()),
      () => other(random.pick([0x14, 0x16, 0x123])),
      () => continued(random.whole(0, 2 ** 28 - 1)),
      () => random.whole(0, 2 ** 32 - 1),
    ],
  };
}

function evt21Kinds(random: Random): Kinds<bigint> {
  const evt2 = evt2Kinds(random);
  const lower = () => BigInt(random.whole(0, 2 ** 32 - 1));
  const single = () => 1n << BigInt(random.whole(0, 31));
  const wide = (pixels: () => bigint) => (make: MakeWord<number>) => () => widened(make()) | pixels();
  return {
    events: [...evt2.events.map(wide(lower)), ...evt2.events.map(wide(single))],
    triggers: evt2.triggers.map(wide(lower)),
    others: evt2.others.map(wide(lower)),
  };
}
