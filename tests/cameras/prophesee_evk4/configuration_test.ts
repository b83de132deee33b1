import assert from "node:assert/strict";
import { test } from "node:test";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";

const { checkConfiguration } = propheseeEvk4;

test("what is not named is the default", () => {
  const configuration = checkConfiguration({ biases: { diffOn: 110 } });
  assert.deepEqual(configuration.biases, { ...propheseeEvk4.defaultConfiguration.biases, diffOn: 110 });
  assert.deepEqual({ ...configuration, biases: {} }, { ...propheseeEvk4.defaultConfiguration, biases: {} });
});

test("changes are completed with a given configuration; an undefined rate limiter, written out, is none", () => {
  const rateLimiter = { referencePeriodUs: 200, maximumEventsPerPeriod: 10_000 };
  const base = checkConfiguration({ rateLimiter, clock: "external", biases: { fo: 1 } });
  const kept = checkConfiguration({ biases: { hpf: 2 } }, base);
  assert.deepEqual(kept, { ...base, biases: { ...base.biases, hpf: 2 } });
  assert.equal(checkConfiguration({ rateLimiter: undefined }, base).rateLimiter, undefined);
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
  propheseeEvk4.defaultConfiguration.xMask[0] = 1;
  assert.equal(propheseeEvk4.defaultConfiguration.xMask[0], 0);
  assert.equal(checkConfiguration({}).xMask[0], 0);
});

const limiter = (referencePeriodUs: unknown, maximumEventsPerPeriod: unknown) => ({
  rateLimiter: { referencePeriodUs, maximumEventsPerPeriod },
});
const pixels = (...pixelMask: unknown[]) => ({ pixelMask });

const MISTAKES: readonly (readonly [changes: unknown, error: "TypeError" | "RangeError", message: RegExp])[] = [
  [null, "TypeError", /^configuration: null is not an object$/],
  ["fast", "TypeError", /^configuration: "fast" is not an object$/],
  [[], "TypeError", /^configuration: an array is not an object$/],
  [{ bias: {} }, "TypeError", /^configuration\.bias: unknown name \(known: biases, xMask, /],
  [{ biases: { diff_on: 1 } }, "TypeError", /^configuration\.biases\.diff_on: unknown name \(known: pr, fo, /],
  [{ biases: { diffOn: "1" } }, "TypeError", /^configuration\.biases\.diffOn: "1" is not a number$/],
  [{ biases: { diffOn: 256 } }, "RangeError", /^configuration\.biases\.diffOn: 256 is not an integer from 0 to 255$/],
  [{ biases: { fo: -1 } }, "RangeError", /^configuration\.biases\.fo: -1 is not an integer from 0 to 255$/],
  [{ biases: { hpf: 0.5 } }, "RangeError", /^configuration\.biases\.hpf: 0\.5 is not an integer/],
  [{ biases: { hpf: NaN } }, "RangeError", /^configuration\.biases\.hpf: NaN is not an integer/],
  [{ xMask: [] }, "TypeError", /^configuration\.xMask: an array is not a Uint8Array$/],
  [{ xMask: new Uint8Array(720) }, "RangeError", /^configuration\.xMask: length 720 instead of 1280$/],
  [{ yMask: new Uint8Array(1280) }, "RangeError", /^configuration\.yMask: length 1280 instead of 720$/],
  [{ yMask: new Uint8Array(720).fill(2, 5) }, "RangeError", /^configuration\.yMask\[5\]: 2 is neither 0 nor 1$/],
  [{ maskIntersectionOnly: 1 }, "TypeError", /^configuration\.maskIntersectionOnly: 1 is not a boolean$/],
  [{ pixelMask: {} }, "TypeError", /^configuration\.pixelMask: an object is not an array/],
  [pixels({ x: 0 }), "TypeError", /^configuration\.pixelMask\[0\]\.y: undefined is not a number$/],
  [pixels({ x: 0, y: 0 }, { x: 1280, y: 0 }), "RangeError", /^configuration\.pixelMask\[1\]\.x: 1280 is .* 0 to 1279$/],
  [pixels({ x: 0, y: 720 }), "RangeError", /^configuration\.pixelMask\[0\]\.y: 720 is .* 0 to 719$/],
  [
    { pixelMask: Array(65).fill({ x: 0, y: 0 }) },
    "RangeError",
    /^configuration\.pixelMask: 65 pixels are more than the 64/,
  ],
  [limiter(0, 1), "RangeError", /referencePeriodUs: 0 is not an integer from 1 to 1023$/],
  [limiter(1024, 1), "RangeError", /referencePeriodUs: 1024 is not an integer from 1 to 1023$/],
  [limiter(200, 4_194_304), "RangeError", /maximumEventsPerPeriod: 4194304 is not an integer from 0 to 4194303$/],
  [limiter(200, undefined), "TypeError", /maximumEventsPerPeriod: undefined is not a number$/],
  [{ clock: "master" }, "RangeError", /^configuration\.clock: "master" is none of "internal", "internal-with-output"/],
  [{ clock: 1 }, "TypeError", /^configuration\.clock: 1 is none of/],
  [{ externalTrigger: "yes" }, "TypeError", /^configuration\.externalTrigger: "yes" is not a boolean$/],
  [{ output: null }, "TypeError", /^configuration\.output: null is not a boolean$/],
];

for (const [changes, name, message] of MISTAKES) {
  test(`a mistake is named with its range: ${message.source}`, () => {
    assert.throws(() => checkConfiguration(changes as PropheseeEvk4Changes), { name, message });
  });
}

test("the ends of all ranges are allowed", () => {
  for (const [period, events] of [[1, 0], [1023, 4_194_303]] as const) {
    const rateLimiter = { referencePeriodUs: period, maximumEventsPerPeriod: events };
    assert.deepEqual(checkConfiguration({ rateLimiter }).rateLimiter, rateLimiter);
  }
  const pixelMask = Array(64).fill({ x: 1279, y: 719 });
  assert.equal(checkConfiguration({ pixelMask, biases: { pr: 0, fo: 255 } }).pixelMask.length, 64);
});
