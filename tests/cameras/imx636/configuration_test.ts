import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_CONFIGURATION, type Imx636Changes } from "../../../src/cameras/imx636/configuration.ts";
import { checkConfiguration } from "../../../src/cameras/imx636/configuration_check.ts";

test("what is not named is the default", () => {
  const configuration = checkConfiguration({ biases: { diffOn: 10 } });
  assert.deepEqual(configuration.biases, { ...DEFAULT_CONFIGURATION.biases, diffOn: 10 });
  assert.deepEqual({ ...configuration, biases: {} }, { ...DEFAULT_CONFIGURATION, biases: {} });
});

test("changes are completed with a given configuration; a rate limiter of null is none", () => {
  const rateLimiter = { referencePeriodUs: 200, maximumEventsPerPeriod: 10_000 };
  const base = checkConfiguration({ rateLimiter, clock: "external", biases: { fo: 1 } });
  const kept = checkConfiguration({ biases: { hpf: 2 } }, base);
  assert.deepEqual(kept, { ...base, biases: { ...base.biases, hpf: 2 } });
  assert.equal(checkConfiguration({ rateLimiter: null }, base).rateLimiter, null);
  assert.deepEqual(checkConfiguration({ rateLimiter: undefined }, base).rateLimiter, rateLimiter);
  assert.deepEqual(checkConfiguration({}, base).rateLimiter, rateLimiter);
});

test("a configuration is a copy: later changes of the caller's masks and pixels do nothing", () => {
  const xMask = new Uint8Array(1280);
  const pixelMask = [{ x: 1, y: 2 }];
  const configuration = checkConfiguration({ xMask, pixelMask });
  xMask[3] = 1;
  pixelMask[0]!.x = 9;
  assert.equal(configuration.xMask[3], 0);
  assert.deepEqual(configuration.pixelMask, [{ x: 1, y: 2 }]);
});

test("the default configuration cannot be changed", () => {
  checkConfiguration(undefined).xMask[0] = 1;
  assert.equal(checkConfiguration(undefined).xMask[0], 0);
});

const limiter = (referencePeriodUs: unknown, maximumEventsPerPeriod: unknown) => ({
  rateLimiter: { referencePeriodUs, maximumEventsPerPeriod },
});
const pixels = (...pixelMask: unknown[]) => ({ pixelMask });

const MISTAKES: readonly (readonly [changes: unknown, error: "TypeError" | "RangeError", message: RegExp])[] = [
  [null, "TypeError", /^configuration must be an object, not null$/],
  ["fast", "TypeError", /^configuration must be an object, not "fast"$/],
  [[], "TypeError", /^configuration must be an object, not an array$/],
  [{ bias: {} }, "TypeError", /^configuration has no option "bias"; did you mean "biases"\?$/],
  [{ biases: { diff_on: 1 } }, "TypeError", /^configuration\.biases has no option "diff_on"; did you mean "diffOn"\?$/],
  [{ biases: { diffOn: "1" } }, "TypeError", /^configuration\.biases\.diffOn must be a whole number .*, not "1"$/],
  [{ biases: { diffOn: null } }, "TypeError", /^configuration\.biases\.diffOn must be a whole number .*, not null$/],
  [{ biases: { pr: 256 } }, "RangeError", /^configuration\.biases\.pr must be .* from -255 to 255, not 256$/],
  [{ biases: { fo: { code: 256 } } }, "RangeError", /^configuration\.biases\.fo\.code must be .* 0 to 255, not 256$/],
  [{ biases: { fo: {} } }, "TypeError", /^configuration\.biases\.fo\.code must be .* 0 to 255, not undefined$/],
  [
    { biases: { fo: { kode: 1 } } },
    "TypeError",
    /^configuration\.biases\.fo has no option "kode"; did you mean "code"\?$/,
  ],
  [{ beyondRecommendedBiases: 1 }, "TypeError", /^configuration\.beyondRecommendedBiases must be a boolean, not 1$/],
  [{ biases: { hpf: 0.5 } }, "RangeError", /^configuration\.biases\.hpf must be a whole number .*, not 0\.5$/],
  [{ biases: { hpf: NaN } }, "RangeError", /^configuration\.biases\.hpf must be a whole number .*, not NaN$/],
  [
    { xMask: [] },
    "TypeError",
    /^configuration\.xMask must be a Uint8Array of length 1280, or ranges .*, not an array$/,
  ],
  [{ xMask: new Uint8Array(720) }, "RangeError", /^configuration\.xMask must have a length of 1280, not 720$/],
  [{ yMask: new Uint8Array(1280) }, "RangeError", /^configuration\.yMask must have a length of 720, not 1280$/],
  [{ yMask: new Uint8Array(720).fill(2, 5) }, "RangeError", /^configuration\.yMask\[5\] must be 0 or 1, not 2$/],
  [{ maskIntersectionOnly: 1 }, "TypeError", /^configuration\.maskIntersectionOnly must be a boolean, not 1$/],
  [{ pixelMask: {} }, "TypeError", /^configuration\.pixelMask must be an array, not an object$/],
  [pixels({ x: 0 }), "TypeError", /^configuration\.pixelMask\[0\]\.y must be .*, not undefined$/],
  [pixels({ x: 0, y: 0 }, { x: 1280, y: 0 }), "RangeError", /^configuration\.pixelMask\[1\]\.x must be .*, not 1280$/],
  [pixels({ x: 0, y: 720 }), "RangeError", /^configuration\.pixelMask\[0\]\.y must be .* 0 to 719, not 720$/],
  [
    { pixelMask: Array(65).fill({ x: 0, y: 0 }) },
    "RangeError",
    /^configuration\.pixelMask must have a length of at most 64, not 65$/,
  ],
  [limiter(0, 1), "RangeError", /referencePeriodUs must be a whole number from 1 to 1023, not 0$/],
  [limiter(1024, 1), "RangeError", /referencePeriodUs must be a whole number from 1 to 1023, not 1024$/],
  [limiter(200, 4_194_304), "RangeError", /maximumEventsPerPeriod must be .* from 0 to 4194303, not 4194304$/],
  [limiter(200, undefined), "TypeError", /maximumEventsPerPeriod must be .*, not undefined$/],
  [{ clock: "master" }, "RangeError", /^configuration\.clock must be one of "internal", .*, not "master"$/],
  [{ clock: 1 }, "TypeError", /^configuration\.clock must be one of .*, not 1$/],
  [{ externalTrigger: "yes" }, "TypeError", /^configuration\.externalTrigger must be a boolean, not "yes"$/],
  [{ output: null }, "TypeError", /^configuration\.output must be a boolean, not null$/],
];

for (const [changes, name, message] of MISTAKES) {
  test(`a mistake is named with its range: ${message.source}`, () => {
    assert.throws(() => checkConfiguration(changes as Imx636Changes), { name, message });
  });
}

test("the ends of all ranges are allowed", () => {
  for (const [period, events] of [[1, 0], [1023, 4_194_303]] as const) {
    const rateLimiter = { referencePeriodUs: period, maximumEventsPerPeriod: events };
    assert.deepEqual(checkConfiguration({ rateLimiter }).rateLimiter, rateLimiter);
  }
  const pixelMask = Array(64).fill({ x: 1279, y: 719 });
  assert.equal(checkConfiguration({ pixelMask, biases: { pr: -255, inv: 255 } }).pixelMask.length, 64);
});
