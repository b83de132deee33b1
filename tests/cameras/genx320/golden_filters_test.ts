/** The filters of the sensor equal OpenEB's, but for the deviations told here. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Genx320Changes } from "../../../src/cameras/genx320/configuration.ts";
import { trailTiming } from "../../../src/cameras/genx320/trail_timing.ts";
import { openModel } from "./testing/open_model.ts";
import { changesOf, factsFile, finalWords, linesOf, options, readCalls } from "./testing/recordings.ts";

/** Each call of a recording, and the change that means the same; both are carried out one after the other. */
function compareAll(recording: string, changes: readonly (readonly [call: string, changes: Genx320Changes])[]) {
  const calls = readCalls(recording);
  const { model, update } = openModel();
  for (const [call, change] of changes) {
    const held = model.snapshot();
    const golden = changesOf(linesOf(calls, call), held);
    assert.ok(golden.length > 0, call);
    assert.deepEqual(changesOf(update(change), held), golden, call);
  }
}

test("the activity filter has OpenEB's thresholds", options, () => {
  const calls = readCalls("genx320es__nfl");
  const { update } = openModel();
  const rates = { lowerStart: 50_000, lowerStop: 25_000, upperStart: 10_000_000, upperStop: 9_000_000 };
  const golden = ["nfl set_thresholds 50000 25000 10000000 9000000", "nfl enable true"]
    .flatMap((name) => linesOf(calls, name));
  const ours = update({ activityFilter: rates });
  const isWrite = (line: string) => line.startsWith("W");
  // OpenEB keeps the window, which is one more register here.
  const isNew = (line: string) => isWrite(line) && !line.startsWith("W 0 0x0000E008 ");
  assert.deepEqual(ours.filter(isNew), golden.filter(isWrite));
  const low = { lowerStart: 500_000, lowerStop: 0, upperStart: 0, upperStop: 0 };
  assert.deepEqual(
    update({ activityFilter: low }).filter(isNew),
    linesOf(calls, "nfl set_thresholds 500000 0 0 0").filter(isWrite),
  );
  const off = linesOf(calls, "nfl enable false");
  assert.deepEqual(update({ activityFilter: null }), off);
});

const FAST = { minimumHz: 520, maximumHz: 520 };

const AFK: readonly (readonly [call: string, changes: Genx320Changes["antiFlicker"]])[] = [
  ["afk enable true (defaults)", {}],
  ["afk set_frequency_band 80 130", { minimumHz: 80, maximumHz: 130 }],
  ["afk set_frequency_band 95 105", { minimumHz: 95, maximumHz: 105 }],
  ["afk set_frequency_band 50 50", { minimumHz: 50, maximumHz: 50 }],
  ["afk set_frequency_band 520 520", FAST],
  ["afk set_filtering_mode BAND_PASS", { ...FAST, mode: "band-pass" }],
  ["afk set_filtering_mode BAND_STOP", FAST],
  ["afk set_duty_cycle 1", { ...FAST, dutyCyclePercent: 1 }],
  ["afk set_duty_cycle 25", { ...FAST, dutyCyclePercent: 25 }],
  ["afk set_duty_cycle 40", { ...FAST, dutyCyclePercent: 40 }],
  ["afk set_duty_cycle 75", { ...FAST, dutyCyclePercent: 75 }],
  ["afk set_duty_cycle 100", { ...FAST, dutyCyclePercent: 100 }],
  ["afk set_start_threshold 0", { ...FAST, dutyCyclePercent: 100, startThreshold: 0 }],
  ["afk set_stop_threshold 0", { ...FAST, dutyCyclePercent: 100, startThreshold: 0, stopThreshold: 0 }],
];

test("the anti-flicker filter equals OpenEB's", options, () => {
  compareAll("genx320es__afk", AFK.map(([call, antiFlicker]) => [call, { antiFlicker }]));
});

test("the anti-flicker filter is off as in OpenEB", options, () => {
  const { update } = openModel({ antiFlicker: {} });
  const golden = linesOf(readCalls("genx320es__afk"), "afk enable false");
  assert.deepEqual(finalWords(update({ antiFlicker: null })), finalWords(golden));
});

test("the trail filter is set up in OpenEB's order, and is off as there", options, () => {
  const calls = readCalls("genx320es__stc");
  const { update } = openModel();
  const isWrite = (line: string) => line.startsWith("W");
  const golden = linesOf(calls, "stc enable true (defaults)").filter(isWrite);
  assert.deepEqual(update({ trailFilter: { type: "trail", thresholdUs: 10_000 } }).filter(isWrite), golden);
  const off = linesOf(calls, "stc enable false");
  assert.deepEqual(finalWords(update({ trailFilter: null })), finalWords(off));
});

test("thresholds between whole milliseconds are rounded as in OpenEB", options, () => {
  let compared = 0;
  for (const { name, lines, result } of readCalls("genx320es__stc")) {
    const [, thresholdUs] = /^stc set_threshold (\d+)$/.exec(name) ?? [];
    if (thresholdUs === undefined) continue;
    const trailFilter = { type: "stc-keep-trail", thresholdUs: Number(thresholdUs) } as const;
    if (result === "= 1") {
      const [ours, golden] = [finalWords(openModel({ trailFilter }).setUp), finalWords(lines)];
      for (const register of ["0x0000D008", "0x0000D010", "0x0000D0C0"]) {
        assert.equal(ours[register], golden[register], `${name} ${register}`);
      }
    } else {
      assert.throws(() => openModel({ trailFilter }), { name: "RangeError", message: /trailFilter\.thresholdUs/ });
    }
    compared += 1;
  }
  assert.equal(compared, 10);
});

const table = factsFile("genx320_stc_words.json");

test("each of the 100 thresholds of each trail filter has OpenEB's words", {
  skip: table === undefined ? "the table of words (../shared/facts) is not here" : false,
}, () => {
  type Words = Record<string, string>;
  const { thresholds } = JSON.parse(readFileSync(table!, "utf-8")) as {
    thresholds: { threshold_ms: number; trail: Words; stc_keep: Words }[];
  };
  assert.equal(thresholds.length, 100);
  for (const { threshold_ms, trail, stc_keep } of thresholds) {
    const thresholdUs = 1_000 * threshold_ms;
    const cut = { ...stc_keep };
    cut["0x0000D008"] = cut["0x0000D008"]!.replace(/^0x01/, "0x00");
    for (const [type, words] of [["trail", trail], ["stc-keep-trail", stc_keep], ["stc-cut-trail", cut]] as const) {
      // In the table's last row, the trail filter has the words of the contrast filter, which no threshold explains.
      if (type === "trail" && threshold_ms === 100) continue;
      const ours = finalWords(openModel({ trailFilter: { type, thresholdUs } }).setUp);
      for (const [register, word] of Object.entries(words)) {
        assert.equal(ours[register], word, `${type} ${threshold_ms} ms ${register}`);
      }
    }
  }
});

test("chosen thresholds have the recorded figures", () => {
  assert.deepEqual(trailTiming(1_000), { prescaler: 11, multiplier: 15, fifoTimeout: 32 });
  assert.deepEqual(trailTiming(2_000), { prescaler: 10, multiplier: 5, fifoTimeout: 27 });
  assert.deepEqual(trailTiming(10_000), { prescaler: 12, multiplier: 5, fifoTimeout: 59 });
});
