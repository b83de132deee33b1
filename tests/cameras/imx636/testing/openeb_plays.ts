/**
 * OpenEB's calls as changes of our configuration, and where we write something else, with the reason.
 *
 * A change that is null is one of something that is off: OpenEB writes or remembers it, and we write it when it is
 * switched on. What OpenEB writes in such a call is compared together with the next one.
 */

import type { Imx636Changes } from "../../../../src/cameras/imx636/configuration.ts";
import type { Write } from "./played_sensor.ts";

export interface Play {
  readonly call: string;
  readonly change: Imx636Changes | null;
  /** Words of OpenEB that we replace by others. */
  readonly deviation?: { readonly reason: string; readonly openeb: readonly Write[]; readonly ours: readonly Write[] };
}

const play = (call: string, change: Imx636Changes | null, deviation?: Play["deviation"]): Play =>
  deviation === undefined ? { call, change } : { call, change, deviation };

const region = { x: 40, y: 20, width: 30, height: 10 };
const all = { x: 0, y: 0, width: 1280, height: 720 };

/** 40 words of columns and 23 of rows, without and with what a region masks. */
const LINES: Write[] = [...block(0x2000, 40), ...block(0x4000, 23)];
const linesOf = (changed: Record<number, number>, others: number): Write[] =>
  LINES.map(([address]) => [address, changed[address] ?? others]);

function block(first: number, count: number): Write[] {
  return Array.from({ length: count }, (_, index) => [first + 4 * index, 0]);
}

const WINDOW_REASON = "lines mask the region: whether the window register's end is in or out is not known";

const ROI: readonly Play[] = [
  play("roi set_window 40,20 30x10", null),
  play("roi enable true", { regionOfInterest: region }, {
    reason: WINDOW_REASON,
    openeb: [[0x38, 0x28], [0x38, 0x14_0028], [0x3c, 0x2cf_0046], [0x3c, 0x1e_0046]],
    ours: linesOf({ 0x2004: 0xff, 0x2008: 0xffff_ffc0, 0x4000: 0xc00f_ffff, 0x4058: 0x00ff_ffff }, 0xffff_ffff),
  }),
  play("roi enable false", { masksEnabled: false }),
  play("roi set_window full", null),
  play("roi enable true", { regionOfInterest: all, masksEnabled: true }, {
    reason: WINDOW_REASON,
    openeb: [[0x38, 0x14_0000], [0x38, 0], [0x3c, 0x1e_0500], [0x3c, 0x2d0_0500]],
    ours: linesOf({ 0x4058: 0x00ff_0000 }, 0),
  }),
  play("roi enable false", { masksEnabled: false }),
  play("roi set_window 40,20 30x10 (RONI)", null),
  play("roi enable true (RONI)", { regionOfNonInterest: region, masksEnabled: true }),
  play("roi enable false", { masksEnabled: false }),
  play("roi set_lines x 100..199 y 50..89", null),
  play("roi enable true (lines)", {
    regionOfInterest: { x: 100, y: 50, width: 100, height: 40 },
    masksEnabled: true,
  }),
  play("roi enable false", { masksEnabled: false }),
];

const CROP: readonly Play[] = [
  play("crop set 32,20,191,119 keep origin", null),
  play("crop enable true", { digitalCrop: { x: 32, y: 20, width: 160, height: 100 } }),
  play("crop set 64,20,191,119 reset origin", {
    digitalCrop: { x: 64, y: 20, width: 128, height: 100, resetOrigin: true },
  }),
  play("crop set 0,0,0,0", { digitalCrop: { x: 0, y: 0, width: 1, height: 1 } }),
  play("crop set 10,10,9,20", { digitalCrop: { x: 10, y: 10, width: 0, height: 11 } }),
  play("crop set 10,10,20,9", { digitalCrop: { x: 10, y: 10, width: 11, height: 0 } }),
  play("crop enable false", { digitalCrop: null }),
];

const [low, high] = [{ x: 5, y: 7 }, { x: 319, y: 319 }];

/** Our list has no empty slots: a pixel takes the next one, and what comes after a pixel that leaves moves up. */
const EVENT_MASK: readonly Play[] = [
  play("dem slot 0 set 5,7 on", { pixelMask: [low] }),
  play("dem last slot set 319,319 on", { pixelMask: [low, high] }),
  play("dem slot 0 off", { pixelMask: [high] }),
  play("dem slot 63 set 1279,719 on", { pixelMask: [{ x: 1279, y: 719 }] }),
];

const fast = { minimumHz: 520, maximumHz: 520 };
const full = { ...fast, dutyCyclePercent: 100 };

const ANTI_FLICKER: readonly Play[] = [
  play("afk enable true (defaults)", { antiFlicker: {} }),
  play("afk set_frequency_band 80 130", { antiFlicker: { minimumHz: 80, maximumHz: 130 } }),
  play("afk set_frequency_band 95 105", { antiFlicker: { minimumHz: 95, maximumHz: 105 } }),
  play("afk set_frequency_band 50 50", { antiFlicker: { minimumHz: 50, maximumHz: 50 } }),
  play("afk set_frequency_band 520 520", { antiFlicker: fast }),
  play("afk set_frequency_band 49 100", { antiFlicker: { minimumHz: 49, maximumHz: 100 } }),
  play("afk set_frequency_band 100 521", { antiFlicker: { minimumHz: 100, maximumHz: 521 } }),
  play("afk set_filtering_mode BAND_PASS", { antiFlicker: { ...fast, mode: "band-pass" } }),
  play("afk set_filtering_mode BAND_STOP", { antiFlicker: fast }),
  ...[1, 25, 40, 50, 75, 100, 0, 101].map((dutyCyclePercent) =>
    play(`afk set_duty_cycle ${dutyCyclePercent}`, { antiFlicker: { ...fast, dutyCyclePercent } })
  ),
  play("afk set_start_threshold 0", { antiFlicker: { ...full, startThreshold: 0 } }),
  play("afk set_stop_threshold 0", { antiFlicker: { ...full, startThreshold: 0, stopThreshold: 0 } }),
  play("afk set_start_threshold 7", { antiFlicker: { ...full, startThreshold: 7, stopThreshold: 0 } }),
  play("afk set_stop_threshold 7", { antiFlicker: { ...full, startThreshold: 7, stopThreshold: 7 } }),
  play("afk set_start_threshold 8", { antiFlicker: { startThreshold: 8 } }),
  play("afk set_stop_threshold 8", { antiFlicker: { stopThreshold: 8 } }),
  play("afk enable false", { antiFlicker: null }),
  play("afk set_frequency_band 100 200 while off", null),
  play("afk enable true", {
    antiFlicker: { ...full, minimumHz: 100, maximumHz: 200, startThreshold: 7, stopThreshold: 7 },
  }),
  play("afk enable false", { antiFlicker: null }),
];

const TRAIL_FILTER: readonly Play[] = [
  play("stc enable true (defaults)", { trailFilter: { type: "trail", thresholdUs: 10_000 } }),
  play("stc set_type TRAIL", { trailFilter: { type: "trail", thresholdUs: 10_000 } }),
  play("stc set_type STC_CUT_TRAIL", { trailFilter: { type: "stc-cut-trail", thresholdUs: 10_000 } }),
  play("stc set_type STC_KEEP_TRAIL", { trailFilter: { type: "stc-keep-trail", thresholdUs: 10_000 } }),
  ...[1_000, 1_499, 1_500, 10_000, 23_000, 74_000, 99_500, 100_000, 999, 100_001].map((thresholdUs) =>
    play(`stc set_threshold ${thresholdUs}`, { trailFilter: { type: "stc-keep-trail", thresholdUs } })
  ),
  play("stc enable false", { trailFilter: null }),
  play("stc set_type STC_CUT_TRAIL while off", null),
  play("stc enable true", { trailFilter: { type: "stc-cut-trail", thresholdUs: 100_000 } }),
  play("stc enable false", { trailFilter: null }),
];

const RATE_CONTROLLER: readonly Play[] = [
  play("erc set_cd_event_rate 1000000", null),
  play("erc enable true", { rateLimiter: { maximumEventsPerSecond: 1_000_000 } }, {
    reason: "as in neuromorphic-drivers' bring-up, the block itself is off while there is no limiter",
    openeb: [[0x600c, 200], [0x6050, 1], [0x600c, 200]],
    ours: [[0x6004, 1], [0x6008, 200], [0x600c, 200], [0x6028, 3], [0x6050, 1]],
  }),
  play("erc set_cd_event_count 1234", { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 1_234 } }),
  play("erc set_cd_event_count max", { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 640_000 } }),
  play("erc set_cd_event_count max+1", { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 2 ** 22 } }),
  play("erc enable false", { rateLimiter: null }),
];

const TRIGGER: readonly Play[] = [
  play("trigger channel 0 id 0 enable", { externalTrigger: true }),
  play("trigger channel 0 id 0 disable", { externalTrigger: false }),
];

/** By the names of the recordings. */
export const PLAYS: Readonly<Record<string, { readonly before?: Imx636Changes; readonly plays: readonly Play[] }>> = {
  roi: { plays: ROI },
  crop: { plays: CROP },
  dem: { plays: EVENT_MASK },
  afk: { plays: ANTI_FLICKER },
  stc: { plays: TRAIL_FILTER },
  erc: { plays: RATE_CONTROLLER },
  // OpenEB's construction switches the input off.
  trigger: { before: { externalTrigger: false }, plays: TRIGGER },
};
