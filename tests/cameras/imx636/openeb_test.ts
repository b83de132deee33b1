/**
 * The words that our configuration writes equal those that OpenEB 5.1.1 wrote for the same calls, but for the deviations
 * listed here and in `testing/openeb_plays.ts`.
 *
 * The recordings are not part of the project; without them these tests skip, and `feature_words_test.ts` guards the
 * words.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Imx636Changes } from "../../../src/cameras/imx636/configuration.ts";
import {
  celsiusFromCode,
  readIlluminance,
  readPixelDeadTimeUs,
  readTemperatureCelsius,
} from "../../../src/cameras/imx636/monitors.ts";
import { luxFromCounter } from "../../../src/cameras/measuring.ts";
import { READOUT, START, STOP } from "../../../src/cameras/imx636/sequences.ts";
import { findGoldenFolder } from "../testing/transcript.ts";
import { PLAYS } from "./testing/openeb_plays.ts";
import { readAddedWrites, readCalls, readTrailWords } from "./testing/openeb_recording.ts";
import { PlayedSensor, shownWrite, type Write } from "./testing/played_sensor.ts";

const folder = findGoldenFolder("golden_openeb");
const options = folder === undefined
  ? { skip: "the recordings of OpenEB (../shared/facts/golden_openeb) are not here" }
  : {};

const isIn = (address: number, first: number, count = 1) => first <= address && address < first + 4 * count;

/** What OpenEB writes otherwise everywhere. Each must be needed. */
const RULES: readonly { reason: string; apply: (writes: readonly Write[]) => readonly Write[] }[] = [
  {
    reason: "OpenEB changes a word field by field; we write it once, with all of its fields",
    apply: (writes) =>
      writes.filter(([address], index) =>
        address !== writes[index + 1]?.[0] || ![0x9010, 0x9014, 0xc004].includes(address)
      ),
  },
  {
    reason: "OpenEB bypasses a filter twice before it changes it, and writes the crop's control before it is on",
    apply: (writes) =>
      writes.filter(([address], index) =>
        address !== writes[index + 1]?.[0] || ![0x900c, 0xc000, 0xd000].includes(address)
      ),
  },
  {
    reason: "we never enter the mode in which the sensor fills the lines from a window, so we need not leave it",
    apply: (writes) => writes.filter(([address]) => address !== 0x34),
  },
  {
    reason: "the trail filter's initialisation is asked for anew, and not by the bit of the last time",
    apply: (writes) =>
      writes.map(([address, word], index): Write =>
        address === 0xd0c4 && writes[index + 1]?.[0] === address ? [address, word & ~1] : [address, word]
      ),
  },
];

/** Bits that are not compared, and why. */
function comparable([address, word]: Write): Write {
  // Beyond the last row OpenEB sets eight more bits than neuromorphic-drivers and the reset.
  if (address === 0x4058) return [address, word & 0x00ff_ffff];
  // Bits other than the trigger's are those of the store there, and of neuromorphic-drivers here.
  if (address === 0x7004) return [address, word & 0x400];
  // The threshold of the one filter that is off: OpenEB leaves the last one.
  if (isIn(address, 0xd004, 2) && (word & 1) === 0) return [address, 0];
  return [address, word];
}

function withDeviation(
  writes: readonly Write[],
  { reason, openeb, ours }: { reason: string; openeb: readonly Write[]; ours: readonly Write[] },
): readonly Write[] {
  const start = writes.findIndex((_, index) =>
    openeb.every((write, offset) => String(write) === String(writes[index + offset]))
  );
  assert.notEqual(start, -1, `deviation must match: ${reason}`);
  return [...writes.slice(0, start), ...ours, ...writes.slice(start + openeb.length)];
}

/** Applies the rules, and remembers which did something. */
function normalised(writes: readonly Write[], used: Set<string>): readonly Write[] {
  return RULES.reduce((before, { reason, apply }) => {
    const after = apply(before);
    if (String(after) !== String(before)) used.add(reason);
    return after;
  }, writes);
}

/** The single pixels that are masked, in any of the slots. */
function maskedPixels(sensor: ReadonlyMap<number, number>): number[] {
  return [...sensor].flatMap(([address, word]) => isIn(address, 0x9100, 64) && word >= 2 ** 31 ? [word] : []).sort();
}

test("each call of OpenEB's facilities writes the same words as our change", options, () => {
  const used = new Set<string>();
  for (const [part, { before, plays }] of Object.entries(PLAYS)) {
    const sensor = new PlayedSensor(before, { alwaysSet: [[0xc0c4, 4], [0xd0c4, 4]] });
    const openeb = new Map<number, number>();
    const left = [...plays];
    let pending: Write[] = [];
    for (const { name, result, writes } of readCalls(folder!, part)) {
      for (const [address, word] of writes) openeb.set(address, word);
      if (left[0]?.call !== name) {
        assert.deepEqual(writes, [], `${name} is not played`);
        continue;
      }
      const { change, deviation } = left.shift()!;
      pending.push(...writes);
      if (change === null) continue;
      if (result === undefined) {
        assert.throws(() => sensor.update(change), RangeError, name);
        continue;
      }
      const told = JSON.stringify(sensor.configuration);
      const ours = sensor.update(change);
      const isSame = told === JSON.stringify(sensor.configuration);
      if (isSame) {
        assert.deepEqual(ours, [], `${name}: what is the same is not written again`);
      } else if (part === "dem") {
        assert.deepEqual(maskedPixels(sensor.registers), maskedPixels(openeb), name);
      } else {
        const expected = normalised(deviation === undefined ? pending : withDeviation(pending, deviation), used);
        assert.deepEqual(ours.map(comparable).map(shownWrite), expected.map(comparable).map(shownWrite), name);
      }
      pending = [];
    }
    assert.deepEqual(left.map(({ call }) => call), [], `calls of ${part} that are not recorded`);
  }
  assert.deepEqual(RULES.filter(({ reason }) => !used.has(reason)), [], "rules that are not needed");
});

test("the trail filter's words equal OpenEB's for each of its 100 thresholds", options, () => {
  const words = readTrailWords(folder!);
  assert.equal(words.length, 100);
  for (const { threshold_ms, trail, stc_keep } of words) {
    for (const [type, recorded] of [["trail", trail], ["stc-keep-trail", stc_keep]] as const) {
      const sensor = new PlayedSensor({}, { alwaysSet: [[0xd0c4, 4]] });
      sensor.update({ trailFilter: { type, thresholdUs: 1_000 * threshold_ms } });
      for (const [name, word] of Object.entries(recorded)) {
        const address = Number(name);
        // That recording of the last threshold has the thresholds of the other type.
        if (type === "trail" && threshold_ms === 100 && isIn(address, 0xd004, 2)) continue;
        const ours = shownWrite([address, sensor.registers.get(address)!]);
        assert.equal(ours, shownWrite([address, Number(word)]), `${type}, ${threshold_ms} ms`);
      }
    }
  }
});

test("temperature, illuminance and dead time are what OpenEB makes of the same registers", options, () => {
  const sensor = new PlayedSensor({}, { alwaysSet: [[0x50, 0x990], [0x10, 0x2001_e240], [0x20, 0x1000_05dc]] });
  const results = new Map(readCalls(folder!, "monitoring").map((call) => [call.name, call]));
  const temperature = sensor.run(readTemperatureCelsius);
  assert.equal(Math.trunc(temperature.result), Number(results.get("get_temperature")?.result));
  // OpenEB's clock and channel are off between readings; ours stay on, as in neuromorphic-drivers.
  assert.deepEqual(temperature.writes, results.get("get_temperature")?.writes.slice(2, 3));
  assert.equal(celsiusFromCode(400), temperature.result);
  const { result: counter } = sensor.run(readIlluminance);
  assert.equal(Math.trunc(luxFromCounter(counter)), Number(results.get("get_illumination")?.result));
  const deadTime = sensor.run(readPixelDeadTimeUs);
  assert.equal(Math.trunc(deadTime.result), Number(results.get("get_pixel_dead_time")?.result));
  // OpenEB writes the status bits back, too.
  const switches = results.get("get_pixel_dead_time")?.writes.map((
    [address, word],
  ) => [address, (word >>> 30) * 2 ** 30]);
  assert.deepEqual(deadTime.writes, switches);
});

/** Each clock by the call that chooses it, and what we write of that call after the link is on, as in our sequence. */
const CLOCKS: readonly {
  readonly part: string;
  readonly chosen: string;
  readonly clock: NonNullable<Imx636Changes["clock"]>;
  /** Where the call's words stand in ours: before the clock is enabled, or the pad's alone after it. */
  readonly mode: "none" | "before" | "pad-after";
}[] = [
  { part: "stream", chosen: "stream start", clock: "internal", mode: "none" },
  { part: "master", chosen: "sync set_mode_master", clock: "internal-with-output", mode: "before" },
  // OpenEB also writes the mode before it is enabled; neuromorphic-drivers enables it at once.
  { part: "master", chosen: "sync set_mode_slave", clock: "external", mode: "pad-after" },
];

test("each clock is started and stopped by OpenEB's words, in neuromorphic-drivers' order", options, () => {
  for (const { part, chosen, clock, mode } of CLOCKS) {
    const calls = readCalls(folder!, part);
    const later = calls.slice(calls.findIndex(({ name }) => name === chosen));
    const writesOf = (wanted: string) => later.find(({ name }) => name === wanted)!.writes;
    const [link, output, enabled, ...rest] = writesOf("stream start");
    const before = mode === "before" ? writesOf(chosen) : [];
    const after = mode === "pad-after" ? writesOf(chosen).filter(([address]) => address === 0x44) : [];
    const started = [link!, output!, ...before, enabled!, ...after, ...rest];
    const sensor = new PlayedSensor({ clock });
    assert.deepEqual(sensor.carryOut(START).map(shownWrite), started.map(shownWrite), clock);
    // neuromorphic-drivers stops every clock by the word of the internal one.
    const stopped = writesOf("stream stop").map(([address, word]): Write =>
      address === 0x9008 ? [address, 0x644] : [address, word]
    );
    assert.deepEqual(sensor.carryOut(STOP).map(shownWrite), stopped.map(shownWrite), clock);
  }
});

test("EVT2.1 is chosen by OpenEB's words", options, () => {
  const added = readAddedWrites(folder!, "open_format_EVT21");
  assert.equal(added.length, 2);
  const writes = new PlayedSensor({ eventFormat: "evt2.1" }).carryOut(READOUT).map(shownWrite);
  for (const write of added.map(shownWrite)) assert.ok(writes.includes(write), write);
});
