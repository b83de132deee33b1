import assert from "node:assert/strict";
import { test } from "node:test";
import type { Gen31Changes } from "../../../src/cameras/gen31/configuration.ts";
import { checkConfiguration } from "../../../src/cameras/gen31/configuration_check.ts";

test("a configuration is complete, frozen, and the same after JSON", () => {
  const configuration = checkConfiguration({
    biases: { diffOn: 400, hpf: 1_499 },
    regionOfInterest: { x: 0, y: 100, width: 640, height: 200 },
    noiseFilter: { minimumEventsPerSecond: 50_000 },
    clock: "external",
    externalTrigger: true,
    packetPeriodUs: 1_008,
  });
  assert.ok(Object.isFrozen(configuration) && Object.isFrozen(configuration.biases));
  assert.equal(configuration.biases.diffOff, 221);
  const json = JSON.parse(JSON.stringify(configuration));
  assert.equal(json.yMask, "0-99,300-479");
  assert.deepEqual(checkConfiguration(json), configuration);
  assert.equal("regionOfInterest" in configuration, false);
});

test("what is not named stays, and a copy is a copy", () => {
  const base = checkConfiguration({ xMask: "3", noiseFilter: { minimumEventsPerSecond: 10_000 } });
  const changed = checkConfiguration({ yMask: "4", noiseFilter: undefined }, base);
  assert.deepEqual([changed.xMask[3], changed.yMask[4], changed.noiseFilter], [1, 1, base.noiseFilter]);
  changed.xMask[5] = 1;
  assert.equal(base.xMask[5], 0);
  assert.equal(checkConfiguration({ noiseFilter: null }, changed).noiseFilter, null);
});

test("a region of interest becomes masks; null, no masks", () => {
  const corners = [[0, 0], [600, 0], [0, 470], [600, 470]].map(([x, y]) => ({ x: x!, y: y!, width: 40, height: 10 }));
  const { xMask, yMask } = checkConfiguration({ regionOfInterest: corners });
  assert.deepEqual([JSON.stringify(xMask), JSON.stringify(yMask)], ['"40-599"', '"10-469"']);
  const none = checkConfiguration({ regionOfInterest: null }, checkConfiguration({ xMask: "1", yMask: "2" }));
  assert.ok(!none.xMask.includes(1) && !none.yMask.includes(1));
});

const region = { x: 0, y: 0, width: 10, height: 10 };

const MISTAKES: readonly (readonly [changes: unknown, error: "TypeError" | "RangeError", message: RegExp])[] = [
  [null, "TypeError", /^configuration must be an object, not null$/],
  [{ biases: { diff_on: 1 } }, "TypeError", /^configuration\.biases has no option "diff_on"; did you mean "diffOn"\?$/],
  [{ biases: { diffOn: "1" } }, "TypeError", /^configuration\.biases\.diffOn must be a whole number .*, not "1"$/],
  [{ biases: { diffOn: -1 } }, "RangeError", /^configuration\.biases\.diffOn must be .* from 0 to 1800, not -1$/],
  [{ biases: { diff: 199 } }, "RangeError", /^configuration\.biases\.diff must be .* from 200 to 400, not 199$/],
  [{ biases: { fo: 1_249 } }, "RangeError", /^configuration\.biases\.fo must be .* from 1250 to 1800, not 1249$/],
  [{ biases: { hpf: 899 } }, "RangeError", /^configuration\.biases\.hpf must be .* from 900 to 1800, not 899$/],
  [{ biases: { pr: 974 } }, "RangeError", /^configuration\.biases\.pr must be .* from 975 to 1800, not 974$/],
  [{ biases: { refr: 1_299 } }, "RangeError", /^configuration\.biases\.refr must be .* from 1300 to 1800, not 1299$/],
  [{ xMask: new Uint8Array(480) }, "RangeError", /^configuration\.xMask must have a length of 640, not 480$/],
  [{ yMask: "480" }, "RangeError", /^configuration\.yMask must be ranges from 0 to 479/],
  [{ maskIntersectionOnly: true }, "TypeError", /^configuration has no option "maskIntersectionOnly"/],
  [
    { regionOfInterest: region, xMask: "0" },
    "TypeError",
    /^configuration\.regionOfInterest must not be given together/,
  ],
  [
    { regionOfInterest: { ...region, width: 641 } },
    "RangeError",
    /width must be a whole number from 1 to 640, not 641$/,
  ],
  [{ regionOfInterest: [] }, "RangeError", /must have a length of at least 1, not 0$/],
  [
    { regionOfInterest: [region, { ...region, x: 20, y: 20 }] },
    "RangeError",
    /must be a grid of columns and rows.*the pixel \(20, 0\) would send, too$/,
  ],
  // All but one rectangle in the middle: a sensor with the other rule could do that.
  [
    {
      regionOfInterest: [
        { x: 0, y: 0, width: 640, height: 100 },
        { x: 0, y: 100, width: 100, height: 380 },
        { x: 200, y: 100, width: 440, height: 380 },
      ],
    },
    "RangeError",
    /^configuration\.regionOfInterest must be rectangles that are a grid of columns and rows, not an array$/,
  ],
  [{ noiseFilter: {} }, "TypeError", /minimumEventsPerSecond must be .*, not undefined$/],
  [{ noiseFilter: { minimumEventsPerSecond: 9_999 } }, "RangeError", /from 10000 to 10000000, not 9999$/],
  [{ clock: "master" }, "RangeError", /^configuration\.clock must be one of "internal", .*, not "master"$/],
  [{ externalTrigger: 1 }, "TypeError", /^configuration\.externalTrigger must be a boolean, not 1$/],
  [{ packetPeriodUs: 0 }, "RangeError", /^configuration\.packetPeriodUs must be .* from 1 to 65535, not 0$/],
];

for (const [changes, name, message] of MISTAKES) {
  test(`a mistake is named with its range: ${message.source}`, () => {
    assert.throws(() => checkConfiguration(changes as Gen31Changes), { name, message });
  });
}
