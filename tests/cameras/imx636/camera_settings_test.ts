/** Metavision's camera settings of an IMX636: the same bytes as OpenEB writes, and what is read of them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatCameraSettings, parseCameraSettings, type PropheseeEvk4Configuration } from "../../../mod.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { atRandom, type Random } from "../../support/random.ts";
import { findGoldenFolder } from "../testing/transcript.ts";

const folder = findGoldenFolder();
const options = folder === undefined ? { skip: "OpenEB's files (../shared/facts/camera_settings) are not here" } : {};
const readShared = (name: string) => readFileSync(new URL(`../camera_settings/${name}`, folder), "utf-8");

const type = "prophesee-evk4";
const configurationOf = (changes: PropheseeEvk4Changes) =>
  propheseeEvk4.checkConfiguration(changes) as PropheseeEvk4Configuration;
const format = (changes: PropheseeEvk4Changes) => formatCameraSettings(configurationOf(changes), { type });
const parse = (text: string) => parseCameraSettings(text, { type });

/** OpenEB's default; ours reports triggers. */
const OPENEB_DEFAULT: PropheseeEvk4Changes = { externalTrigger: false };

const OPENEB_EXAMPLE: PropheseeEvk4Changes = {
  biases: { diffOff: -10, diffOn: 15, hpf: 20 },
  pixelMask: [{ x: 91, y: 133 }],
  rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 200 },
  trailFilter: { type: "stc-keep-trail", thresholdUs: 10_000 },
  regionOfNonInterest: { x: 400, y: 200, width: 300, height: 100 },
};

for (const [name, changes] of [["default", OPENEB_DEFAULT], ["example", OPENEB_EXAMPLE]] as const) {
  test(`OpenEB's file is written byte by byte, and read: ${name}`, options, () => {
    const text = readShared(`imx636_${name}.json`);
    assert.equal(format(changes), text);
    const { configuration, ignored } = parse(text);
    assert.deepEqual(configurationOf(configuration), configurationOf(changes));
    assert.deepEqual(ignored, []);
  });
}

/** Of each of OpenEB's cases: what is read, or that it is refused. An unknown enumeration is a mistake here only. */
const CASES: readonly (readonly [
  what: string,
  expected: { changes?: PropheseeEvk4Changes; ignored?: string[]; error?: RegExp },
])[] = [
  ["afkState with lowerCamelCase keys, numbers in other forms", {
    changes: { antiFlicker: { minimumHz: 80, maximumHz: 130, mode: "band-pass", dutyCyclePercent: 37.5 } },
  }],
  ["unknown top-level key, incomplete window set", {
    error: /^RangeError: camera settings: roi_state\.columns must have a length of 1280, or of 0, not 2$/,
  }],
  ["bias without a name", {
    error: /^TypeError: camera settings: ll_biases_state\.bias\[1\]\.name must be one of bias_diff, .*, not ""$/,
  }],
  ["unknown enum name: ignored, the section is there without the field", {
    error: /^RangeError: camera settings: afk_state\.filtering_mode must be one of .*, not "SOMETHING"$/,
  }],
  ["fraction for an integer", {
    error: /^RangeError: camera settings: ll_biases_state\.bias\[0\]\.value must be a whole number .*, not 1\.5$/,
  }],
  ["null section = absent", { changes: { externalTrigger: true } }],
  ["crop as in the maker's manual", { changes: { digitalCrop: { x: 20, y: 100, width: 281, height: 101 } } }],
  ["lower-case x1 is an unknown key, ignored", {
    changes: {},
    ignored: ["digital_crop_state.region.x1", "digital_crop_state"],
  }],
  ["comma before a closing brace (protobuf 3.21)", { changes: { antiFlicker: {} } }],
  ["negative unsigned", {
    error: /^RangeError: camera settings: afk_state\.band_low_freq must be a whole number from 50 to 520, not -1$/,
  }],
  ["number for a boolean", { error: /^TypeError: camera settings: afk_state\.enabled must be a boolean, not 1$/ }],
  ["comment", { error: /^SyntaxError: camera settings: no JSON: / }],
  ["empty file: nothing loaded, no error (checked before parsing)", { changes: {} }],
];

test("texts of OpenEB's reader are read as it reads them, or refused with their path", options, () => {
  const { cases } = JSON.parse(readShared("reader_cases.json")) as { cases: { what: string; text: string }[] };
  assert.equal(cases.length, CASES.length);
  for (const { what, text } of cases) {
    const { changes, ignored = [], error } = CASES.find(([name]) => name === what)![1];
    if (error !== undefined) {
      assert.throws(() => parse(text), (thrown) => error.test(String(thrown)) || assert.fail(`${what}: ${thrown}`));
    } else {
      const read = parse(text);
      assert.deepEqual(configurationOf(read.configuration), configurationOf(changes!), what);
      assert.deepEqual(read.ignored, ignored, what);
    }
  }
});

test("what the text does not name is not in the changes", () => {
  assert.deepEqual(parse('{"cam_sync_state":{"sync_mode":"SLAVE"}}'), {
    configuration: { clock: "external" },
    ignored: [],
  });
  assert.deepEqual(parse("{}"), { configuration: {}, ignored: [] });
  const off = '{"afk_state":{"enabled":false},"event_rate_control_state":{"enabled":false,"cd_event_count":5}}';
  assert.deepEqual(parse(off).configuration, { antiFlicker: null, rateLimiter: null });
});

test("unknown names and parts without effect are told", () => {
  const text = `{
    "some,}thing": 1,
    "afk_state": { "enabled": true, "colour": "red" },
    "event_trail_filter_state": { "threshold": 2000 },
    "digital_event_mask_state": { "mask": [{ "x": 1, "y": 2, "enabled": true, "z": 3 }] },
    "trigger_out_state": { "enabled": false, "period": 100 },
    "hw_register_state": { "num_access": [] }
  }`;
  const { configuration, ignored } = parse(text);
  assert.deepEqual(configurationOf(configuration), configurationOf({ antiFlicker: {}, pixelMask: [{ x: 1, y: 2 }] }));
  assert.deepEqual(ignored, [
    "afk_state.colour",
    "digital_event_mask_state.mask[0].z",
    "event_trail_filter_state",
    "trigger_out_state",
    "some,}thing",
  ]);
});

const maybe = <Value>(random: Random, value: Value) => random.chance(0.5) ? value : null;
const anyMask = (random: Random, length: number) => {
  const [first, last] = [random.whole(0, length - 1), random.whole(0, length - 1)].sort((a, b) => a - b);
  return random.pick([`${first}-${last}`, `${first},${last}`, ""]);
};

function anyChanges(random: Random): PropheseeEvk4Changes {
  const offsets = ["diff", "diffOff", "diffOn", "fo", "hpf", "refr"].map((name) => [name, random.whole(0, 20)]);
  const [minimumHz, maximumHz] = [random.whole(50, 300), random.whole(300, 520)];
  const [x, y] = [random.whole(0, 1000), random.whole(0, 500)];
  return {
    biases: Object.fromEntries(offsets),
    xMask: anyMask(random, 1280),
    yMask: anyMask(random, 720),
    maskIntersectionOnly: random.chance(0.5),
    pixelMask: Array.from(
      { length: random.whole(0, 64) },
      () => ({ x: random.whole(0, 1279), y: random.whole(0, 719) }),
    ),
    digitalCrop: maybe(random, { x, y, width: random.whole(1, 280), height: random.whole(1, 220) }),
    antiFlicker: maybe(random, {
      minimumHz,
      maximumHz,
      mode: random.pick(["band-stop", "band-pass"]),
      dutyCyclePercent: random.between(1, 100),
      startThreshold: random.whole(0, 7),
      stopThreshold: random.whole(0, 7),
    }),
    trailFilter: maybe(random, {
      type: random.pick(["trail", "stc-cut-trail", "stc-keep-trail"]),
      thresholdUs: random.whole(1_000, 100_000),
    }),
    rateLimiter: maybe(random, { referencePeriodUs: 200, maximumEventsPerPeriod: random.whole(0, 640_000) }),
    clock: random.pick(["internal", "internal-with-output", "external"]),
    externalTrigger: random.chance(0.5),
  };
}

test("any configuration that the file can hold goes through it", async () => {
  await atRandom((random) => {
    for (let round = 0; round < 40; ++round) {
      const before = configurationOf(anyChanges(random));
      const text = formatCameraSettings(before, { type });
      const after = configurationOf(parse(text).configuration);
      assert.equal(formatCameraSettings(after, { type }), text);
      const isMasked = before.xMask.includes(1) || before.yMask.includes(1);
      // A rule for masks that mask nothing is not kept.
      assert.deepEqual(isMasked ? after : { ...after, maskIntersectionOnly: before.maskIntersectionOnly }, before);
    }
    return Promise.resolve();
  });
});

const bias = (...entries: unknown[]) => ({ ll_biases_state: { bias: entries } });
const trigger = (...entries: unknown[]) => ({ trigger_in_state: { channel_status: entries } });

const MISTAKES: readonly (readonly [text: unknown, error: string])[] = [
  [[], "TypeError: camera settings must be an object, not an array"],
  [{ afk_state: 5 }, "TypeError: camera settings: afk_state must be an object, not 5"],
  [{ afk_state: {}, afkState: {} }, "TypeError: camera settings: afk_state must not be given together with afkState"],
  [
    { afk_state: { band_low_freq: 200, band_high_freq: 100 } },
    "RangeError: camera settings: afk_state.band_high_freq must be a whole number from 200 to 520, not 100",
  ],
  [
    { afk_state: { band_low_freq: "fast" } },
    'TypeError: camera settings: afk_state.band_low_freq must be a whole number from 50 to 520, not "fast"',
  ],
  [
    { afk_state: { filtering_mode: 2 } },
    "RangeError: camera settings: afk_state.filtering_mode must be a whole number from 0 to 1, not 2",
  ],
  [
    { cam_sync_state: { sync_mode: "MASTR" } },
    'RangeError: camera settings: cam_sync_state.sync_mode must be one of "MASTER", "SLAVE", "STANDALONE", not "MASTR"; did you mean "MASTER"?',
  ],
  [
    { digital_crop_state: { enabled: true } },
    "TypeError: camera settings: digital_crop_state.enabled must be given together with region",
  ],
  [
    { digital_crop_state: { enabled: true, region: { X1: 20, Y1: 0, X2: 10, Y2: 5 } } },
    "RangeError: camera settings: digital_crop_state.region.X2 must be a whole number from 20 to 1279, not 10",
  ],
  [
    { digital_crop_state: { enabled: true, region: { X1: 20 } } },
    "RangeError: camera settings: digital_crop_state.region.X2 must be a whole number from 20 to 1279, not 0",
  ],
  [
    { digital_event_mask_state: { mask: [{ x: 1280, y: 0, enabled: true }] } },
    "RangeError: camera settings: digital_event_mask_state.mask[0].x must be a whole number from 0 to 1279, not 1280",
  ],
  [
    { digital_event_mask_state: { mask: Array(65).fill({}) } },
    "RangeError: camera settings: digital_event_mask_state.mask must have a length of at most 64, not 65",
  ],
  [
    { event_rate_control_state: { enabled: true, cd_event_count: 640_001 } },
    "RangeError: camera settings: event_rate_control_state.cd_event_count must be a whole number from 0 to 640000, not 640001",
  ],
  [
    { event_trail_filter_state: { threshold: 500 } },
    "RangeError: camera settings: event_trail_filter_state.threshold must be a whole number from 1000 to 100000, not 500",
  ],
  [
    bias({ name: "bias_fo", value: 5 }, { name: "bias_fo", value: 6 }),
    "TypeError: camera settings: ll_biases_state.bias[1].name: bias_fo must have one value, not 5 and 6",
  ],
  [
    bias({ name: "bias_latchout_or_pu", value: 5 }),
    'TypeError: camera settings: ll_biases_state.bias[0].name must be one of bias_diff, bias_diff_off, bias_diff_on, bias_fo, bias_hpf, bias_refr, not "bias_latchout_or_pu"',
  ],
  [
    bias({ name: "bias_hpf", value: -1 }),
    "RangeError: camera settings: ll_biases_state.bias[0].value (bias_hpf) must be a whole number from 0 to 120 (recommended for an IMX636 or IMX646; beyondRecommendedBiases: true allows more), not -1",
  ],
  [
    { ll_biases_state: { bias: {} } },
    "TypeError: camera settings: ll_biases_state.bias must be an array, not an object",
  ],
  [
    { roi_state: { window: [{ x: 0, y: 0, width: 0, height: 1 }] } },
    "RangeError: camera settings: roi_state.window[0].width must be a whole number from 1 to 1280, not 0",
  ],
  [
    { roi_state: { window: [{}, {}] } },
    "RangeError: camera settings: roi_state.window must have a length of at most 1, not 2",
  ],
  [
    { roi_state: { columns: Array(1280).fill(true) } },
    "TypeError: camera settings: roi_state.columns must be given together with rows",
  ],
  [{ roi_state: { rows: [1] } }, "TypeError: camera settings: roi_state.rows[0] must be a boolean, not 1"],
  [
    trigger({ channel: "AUX", enabled: true }),
    "TypeError: camera settings: trigger_in_state.channel_status[0].channel must be MAIN, the one trigger input of the sensor, not AUX",
  ],
  [
    trigger({ enabled: true }, { channel: 0 }),
    "TypeError: camera settings: trigger_in_state.channel_status[1].channel: MAIN must be given once, not enabled and disabled",
  ],
  [
    { hw_register_state: { num_access: [{ address: 4, value: 0 }] } },
    "TypeError: camera settings: hw_register_state.num_access must be empty: single registers are no settings of this library",
  ],
  [
    { trigger_out_state: { enabled: true } },
    "TypeError: camera settings: trigger_out_state.enabled must be false: the sensor has no such part",
  ],
];

test("a mistake is told with its path", () => {
  for (const [text, error] of MISTAKES) {
    assert.throws(() => parse(JSON.stringify(text)), (thrown) => {
      assert.equal(String(thrown), error);
      return true;
    });
  }
});

test("what the file cannot hold is told before there is a text", () => {
  const refused = (changes: PropheseeEvk4Changes, message: string) =>
    assert.throws(() => format(changes), { name: "RangeError", message: `configuration.${message}` });
  const noPlace = "as camera settings have no place for it";
  refused({ biases: { inv: 1 } }, "biases.inv must be 0, as a file of camera settings has no place for it, not 1");
  refused({ output: false }, `output must be true, ${noPlace}, not false`);
  refused({ packetPeriodUs: 1_008 }, `packetPeriodUs must be 4000, ${noPlace}, not 1008`);
  refused({ eventFormat: "evt2.1" }, `eventFormat must be "evt3", ${noPlace}, not "evt2.1"`);
  const digitalCrop = { x: 0, y: 0, width: 32, height: 1, resetOrigin: true };
  refused({ digitalCrop }, `digitalCrop.resetOrigin must be false, ${noPlace}, not true`);
  const limiter = (referencePeriodUs: number, maximumEventsPerPeriod: number) => ({
    rateLimiter: { referencePeriodUs, maximumEventsPerPeriod },
  });
  refused(limiter(100, 5), `rateLimiter.referencePeriodUs must be 200, ${noPlace}, not 100`);
  refused(
    limiter(200, 640_001),
    "rateLimiter.maximumEventsPerPeriod must be at most 640000, which is Metavision's limit, not 640001",
  );
});

test("biases beyond the recommended ranges need the option, which goes with the changes", () => {
  const text = format({ biases: { diffOn: -100 }, beyondRecommendedBiases: true });
  assert.throws(() => parse(text), RangeError);
  const { configuration } = parseCameraSettings(text, { type, beyondRecommendedBiases: true });
  assert.deepEqual([configuration.biases?.diffOn, configuration.beyondRecommendedBiases], [-100, true]);
});
