/** Regions, crop, filters, rates, packet period and format: what may be given, and what is refused before any traffic. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { regionOfInterest, regionOfNonInterest } from "../../../mod.ts";
import type { Imx636Changes, Imx636Configuration } from "../../../src/cameras/imx636/configuration.ts";
import { checkConfiguration } from "../../../src/cameras/imx636/configuration_check.ts";

const sensor = { width: 1280, height: 720 };
const region = { x: 40, y: 20, width: 30, height: 10 };
const window = { x: 32, y: 20, width: 160, height: 100 };

/** What a configuration tells, for given changes. */
const TOLD: readonly (readonly [changes: Imx636Changes, told: Partial<Imx636Configuration>])[] = [
  [{ masksEnabled: false }, { masksEnabled: false }],
  [{ digitalCrop: window }, { digitalCrop: { ...window, resetOrigin: false } }],
  [{ digitalCrop: { ...window, resetOrigin: true } }, { digitalCrop: { ...window, resetOrigin: true } }],
  [
    { digitalCrop: { x: 1279, y: 719, width: 1, height: 1, resetOrigin: undefined } },
    { digitalCrop: { x: 1279, y: 719, width: 1, height: 1, resetOrigin: false } },
  ],
  [
    { antiFlicker: {} },
    {
      antiFlicker: {
        minimumHz: 50,
        maximumHz: 520,
        mode: "band-stop",
        dutyCyclePercent: 50,
        startThreshold: 6,
        stopThreshold: 4,
      },
    },
  ],
  [{ trailFilter: { type: "trail", thresholdUs: 1_499 } }, { trailFilter: { type: "trail", thresholdUs: 1_000 } }],
  [{ trailFilter: { type: "trail", thresholdUs: 1_500 } }, { trailFilter: { type: "trail", thresholdUs: 2_000 } }],
  [{ trailFilter: { type: "trail", thresholdUs: 99_500 } }, { trailFilter: { type: "trail", thresholdUs: 100_000 } }],
  [
    { rateLimiter: { maximumEventsPerSecond: 1e6 } },
    { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 200 } },
  ],
  [
    { rateLimiter: { maximumEventsPerSecond: 19_999, referencePeriodUs: 100 } },
    { rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 1 } },
  ],
  [
    { rateLimiter: { maximumEventsPerSecond: 20_971_515_000 } },
    { rateLimiter: { referencePeriodUs: 200, maximumEventsPerPeriod: 4_194_303 } },
  ],
  [{ eventFormat: "evt2.1" }, { eventFormat: "evt2.1" }],
  [{ packetPeriodUs: 16 }, { packetPeriodUs: 16 }],
  [{ packetPeriodUs: 65_520 }, { packetPeriodUs: 65_520 }],
];

test("what is given is told completely, and may be given again", () => {
  for (const [changes, told] of TOLD) {
    const configuration = checkConfiguration(changes);
    assert.deepEqual(configuration, { ...checkConfiguration({}), ...told });
    assert.deepEqual(checkConfiguration(JSON.parse(JSON.stringify(configuration))), configuration);
    assert.deepEqual(checkConfiguration({}, configuration), configuration);
  }
});

test("the duty cycle is told in steps of 6.25 %, as OpenEB reads it back", () => {
  for (
    const [asked, told] of [[1, 6.25], [0.01, 6.25], [25, 25], [40, 37.5], [50, 50], [75, 75], [100, 100]] as const
  ) {
    assert.equal(checkConfiguration({ antiFlicker: { dutyCyclePercent: asked } }).antiFlicker?.dutyCyclePercent, told);
  }
});

test("null switches off, undefined leaves as it is", () => {
  const on: Imx636Changes = {
    digitalCrop: window,
    antiFlicker: { mode: "band-pass" },
    trailFilter: { type: "stc-cut-trail", thresholdUs: 5_000 },
    rateLimiter: { maximumEventsPerSecond: 1e6 },
  };
  const base = checkConfiguration(on);
  for (const name of Object.keys(on)) {
    assert.deepEqual(checkConfiguration({ [name]: undefined }, base), base);
    assert.deepEqual(checkConfiguration({ [name]: null }, base), { ...base, [name]: null });
  }
});

test("a filter that is given in part is completed with OpenEB's defaults, and not with what is in force", () => {
  const base = checkConfiguration({ antiFlicker: { minimumHz: 80, maximumHz: 130, mode: "band-pass" } });
  const { antiFlicker } = checkConfiguration({ antiFlicker: { minimumHz: 90 } }, base);
  assert.deepEqual([antiFlicker?.minimumHz, antiFlicker?.maximumHz, antiFlicker?.mode], [90, 520, "band-stop"]);
});

test("a region is told as masks; null takes all of them away", () => {
  const others = { masksEnabled: false, packetPeriodUs: 1_008 };
  for (
    const [changes, masks] of [
      [{ regionOfInterest: region }, regionOfInterest(region, sensor)],
      [{ regionOfInterest: [region] }, regionOfInterest(region, sensor)],
      [{ regionOfNonInterest: region }, regionOfNonInterest(region, sensor)],
      [{ regionOfNonInterest: [] }, regionOfNonInterest([], sensor)],
    ] as const
  ) {
    const configuration = checkConfiguration({ ...others, ...changes });
    assert.deepEqual(configuration, { ...checkConfiguration(others), ...masks });
    assert.deepEqual(checkConfiguration({ regionOfInterest: undefined }, configuration), configuration);
    for (const name of ["regionOfInterest", "regionOfNonInterest"]) {
      assert.deepEqual(checkConfiguration({ [name]: null }, configuration), checkConfiguration(others));
    }
  }
});

test("what is told is frozen and a copy", () => {
  const given = { ...window };
  const { digitalCrop, antiFlicker, trailFilter, rateLimiter } = checkConfiguration({
    digitalCrop: given,
    antiFlicker: {},
    trailFilter: { type: "trail", thresholdUs: 1_000 },
    rateLimiter: { maximumEventsPerSecond: 1e6 },
  });
  given.x = 5;
  assert.equal(digitalCrop?.x, 32);
  for (const value of [digitalCrop, antiFlicker, trailFilter, rateLimiter]) assert.ok(Object.isFrozen(value));
});

const crop = (changes: object) => ({ digitalCrop: { ...window, ...changes } });
const flicker = (antiFlicker: object) => ({ antiFlicker });
const trail = (type: unknown, thresholdUs: unknown) => ({ trailFilter: { type, thresholdUs } });
const rate = (rateLimiter: object) => ({ rateLimiter });

const MISTAKES: readonly (readonly [changes: unknown, error: "TypeError" | "RangeError", message: RegExp])[] = [
  [{ maskEnabled: true }, "TypeError", /^configuration has no option "maskEnabled"; did you mean "masksEnabled"\?$/],
  [{ masksEnabled: 1 }, "TypeError", /^configuration\.masksEnabled must be a boolean, not 1$/],
  [{ roi: region }, "TypeError", /^configuration has no option "roi"; did you mean "regionOfInterest"/],
  [
    { regionOfInterest: 5 },
    "TypeError",
    /^configuration\.regionOfInterest must be an object with x, y, width, height, not 5$/,
  ],
  [{ regionOfInterest: [] }, "RangeError", /^configuration\.regionOfInterest must have a length of at least 1, not 0$/],
  [
    { regionOfInterest: [region, { ...region, x: 1280 }] },
    "RangeError",
    /^configuration\.regionOfInterest\[1\]\.x must be a whole number from 0 to 1279, not 1280$/,
  ],
  [
    { regionOfNonInterest: { ...region, width: 1241 } },
    "RangeError",
    /^configuration\.regionOfNonInterest\.width must be a whole number from 1 to 1240, not 1241$/,
  ],
  [
    { regionOfInterest: [region, { ...region, x: 100, y: 100 }] },
    "RangeError",
    /^configuration\.regionOfInterest must be a grid of columns and rows, .* the pixel \(100, 20\) would send, too$/,
  ],
  [
    { regionOfInterest: region, regionOfNonInterest: null },
    "TypeError",
    /^configuration\.regionOfInterest must not be given together with configuration\.regionOfNonInterest: /,
  ],
  [
    { regionOfNonInterest: null, xMask: "" },
    "TypeError",
    /^configuration\.regionOfNonInterest must not be given together with configuration\.xMask: /,
  ],
  [{ regionOfInterest: null, yMask: "" }, "TypeError", /together with configuration\.yMask: /],
  [{ regionOfInterest: region, maskIntersectionOnly: false }, "TypeError", /configuration\.maskIntersectionOnly: /],
  [
    { digitalCrop: [] },
    "TypeError",
    /^configuration\.digitalCrop must be an object with x, y, width, height, not an array$/,
  ],
  [{ digitalCrop: { x: 0, y: 0, width: 5 } }, "TypeError", /^configuration\.digitalCrop\.height must be .*undefined$/],
  [crop({ right: 4 }), "TypeError", /^configuration\.digitalCrop has no option "right"/],
  [crop({ x: 1280 }), "RangeError", /^configuration\.digitalCrop\.x must be a whole number from 0 to 1279, not 1280$/],
  [crop({ y: 621 }), "RangeError", /^configuration\.digitalCrop\.height must be .* from 1 to 99, not 100$/],
  [crop({ width: 0 }), "RangeError", /^configuration\.digitalCrop\.width must be .* from 1 to 1280, not 0$/],
  [crop({ height: NaN }), "RangeError", /^configuration\.digitalCrop\.height must be .*, not NaN$/],
  [crop({ resetOrigin: 1 }), "TypeError", /^configuration\.digitalCrop\.resetOrigin must be a boolean, not 1$/],
  [
    crop({ resetOrigin: true, x: 33 }),
    "RangeError",
    /^configuration\.digitalCrop\.x must be a multiple of 32 where resetOrigin is true, not 33$/,
  ],
  [
    crop({ resetOrigin: true, width: 150 }),
    "RangeError",
    /^configuration\.digitalCrop\.x \+ configuration\.digitalCrop\.width must be a multiple of 32 .*, not 182$/,
  ],
  [flicker({ minHz: 50 }), "TypeError", /^configuration\.antiFlicker has no option "minHz"/],
  [flicker({ minimum: 50 }), "TypeError", /no option "minimum"; did you mean "minimumHz"\?$/],
  [flicker({ minimumHz: 49 }), "RangeError", /^configuration\.antiFlicker\.minimumHz must be .* 50 to 520, not 49$/],
  [flicker({ maximumHz: 521 }), "RangeError", /^configuration\.antiFlicker\.maximumHz must be .* 50 to 520, not 521$/],
  [flicker({ minimumHz: 100.5 }), "RangeError", /^configuration\.antiFlicker\.minimumHz must be a whole .* 100\.5$/],
  [flicker({ minimumHz: 200, maximumHz: 100 }), "RangeError", /\.maximumHz must be .* from 200 to 520, not 100$/],
  [flicker({ mode: "bandpass" }), "RangeError", /"band-pass", not "bandpass"; did you mean "band-pass"\?$/],
  [flicker({ dutyCyclePercent: 0 }), "RangeError", /\.dutyCyclePercent must be a number above 0, up to 100, not 0$/],
  [flicker({ dutyCyclePercent: 101 }), "RangeError", /\.dutyCyclePercent must be a number from 0 to 100, not 101$/],
  [flicker({ startThreshold: 8 }), "RangeError", /\.startThreshold must be a whole number from 0 to 7, not 8$/],
  [flicker({ stopThreshold: "1" }), "TypeError", /\.stopThreshold must be a whole number from 0 to 7, not "1"$/],
  [trail("trail", undefined), "TypeError", /^configuration\.trailFilter\.thresholdUs must be .*, not undefined$/],
  [trail("trail", 999), "RangeError", /^configuration\.trailFilter\.thresholdUs must be .* 1000 to 100000, not 999$/],
  [trail("trail", 100_001), "RangeError", /^configuration\.trailFilter\.thresholdUs must be .*, not 100001$/],
  [trail("stc", 1_000), "RangeError", /^configuration\.trailFilter\.type must be one of "trail", .*, not "stc"/],
  [trail(1, 1_000), "TypeError", /^configuration\.trailFilter\.type must be one of "trail", .*, not 1$/],
  [rate({ maximumEventsPerSecond: 4_999 }), "RangeError", /PerSecond must be a number from 5000 to 20971515000, not/],
  [rate({ maximumEventsPerSecond: 3e10 }), "RangeError", /PerSecond must be a number from 5000 to 20971515000, not/],
  [rate({ maximumEventsPerSecond: "1" }), "TypeError", /maximumEventsPerSecond must be .*, not "1"$/],
  [rate({ maximumEventsPerSecond: 1e6, referencePeriodUs: 0 }), "RangeError", /referencePeriodUs must be .*, not 0$/],
  [
    rate({ maximumEventsPerSecond: 1e6, maximumEventsPerPeriod: 1 }),
    "TypeError",
    /^configuration\.rateLimiter\.maximumEventsPerSecond must not be given together with .*maximumEventsPerPeriod: /,
  ],
  [rate({}), "TypeError", /^configuration\.rateLimiter\.referencePeriodUs must be .*, not undefined$/],
  [rate({ eventsPerSecond: 1e6 }), "TypeError", /did you mean "maximumEventsPerSecond"\?$/],
  [{ eventFormat: "evt21" }, "RangeError", /^configuration\.eventFormat must be one of "evt3", "evt2\.1", not "evt21"/],
  [{ eventFormat: 3 }, "TypeError", /^configuration\.eventFormat must be one of "evt3", "evt2\.1", not 3$/],
  [{ packetPeriodUs: 0 }, "RangeError", /^configuration\.packetPeriodUs must be .* from 16 to 65520, not 0$/],
  [{ packetPeriodUs: 65_536 }, "RangeError", /^configuration\.packetPeriodUs must be .* 16 to 65520, not 65536$/],
  [{ packetPeriodUs: 1_000 }, "RangeError", /^configuration\.packetPeriodUs must be a multiple of 16, not 1000$/],
  [{ packetPeriodUs: null }, "TypeError", /^configuration\.packetPeriodUs must be a whole number .*, not null$/],
];

for (const [changes, name, message] of MISTAKES) {
  test(`a mistake is named with its range: ${message.source}`, () => {
    assert.throws(() => checkConfiguration(changes as Imx636Changes), { name, message });
  });
}
