import assert from "node:assert/strict";
import { test } from "node:test";
import type { Genx320Changes } from "../../../src/cameras/genx320/configuration.ts";
import { checkConfiguration } from "../../../src/cameras/genx320/configuration_check.ts";
import { openModel } from "./testing/open_model.ts";

const RECTANGLE = { x: 0, y: 0, width: 320, height: 320 };

test("the biases that are not given are those of the sensor's initialisation", () => {
  assert.deepEqual(openModel({ biases: { fo: 20 } }).camera.configuration.biases, {
    fo: 20,
    hpf: 0,
    diffOn: 40,
    diff: 51,
    diffOff: 40,
    refr: 82,
  });
  assert.deepEqual(openModel({}, "mp").camera.configuration.biases, {
    fo: 34,
    hpf: 40,
    diffOn: 25,
    diff: 51,
    diffOff: 28,
    refr: 10,
  });
});

test("biases at the opening are in the registers, and only those that differ are written after the initialisation", () => {
  const { model, setUp } = openModel({ biases: { diffOn: 50, fo: 29 } });
  assert.equal(model.registers.get(0x1104), 0x1101_0032);
  assert.equal(model.registers.get(0x1004), 0x0301_001d);
  assert.equal(setUp.filter((line) => line.startsWith("R 0 0x00001")).length, 2);
});

test("beyondRecommendedBiases allows the codes 0 to 127, and no other", () => {
  const beyond = { beyondRecommendedBiases: true };
  const all = { fo: 0, hpf: 127, diffOn: 127, diff: 0, diffOff: 127, refr: 0 };
  const configuration = checkConfiguration({ ...beyond, biases: all });
  assert.deepEqual(configuration.biases, all);
  assert.throws(() => checkConfiguration({ beyondRecommendedBiases: false }, configuration), {
    name: "RangeError",
    message: /^configuration\.biases\.fo must be a whole number from 19 to 39 \(recommended; .*\), not 0$/,
  });
  assert.throws(() => checkConfiguration({ ...beyond, biases: { diff: 128 } }), {
    name: "RangeError",
    message: /^configuration\.biases\.diff must be a whole number from 0 to 127, not 128$/,
  });
});

test("the state of the biases tells codes and bounds, also after an update", () => {
  const { camera, model, update } = openModel({}, "mp");
  update({ biases: { diffOn: 60 } });
  const { diffOn, refr } = model.carryOut(camera.sensors.biases());
  assert.deepEqual(diffOn, { code: 60, minimum: 0, maximum: 127, recommended: { minimum: 24, maximum: 60 } });
  assert.deepEqual(refr, { code: 10, minimum: 0, maximum: 127, recommended: { minimum: 0, maximum: 127 } });
  assert.deepEqual(model.takeLines(), []);
});

const REFUSED: readonly (readonly [error: "TypeError" | "RangeError", message: RegExp, changes: unknown])[] = [
  ["TypeError", /has no option "bias"; did you mean "biases"/, { bias: {} }],
  ["TypeError", /regionOfInterest must not be given together with configuration\.regionOfNonInterest/, {
    regionOfInterest: RECTANGLE,
    regionOfNonInterest: RECTANGLE,
  }],
  ["RangeError", /regionOfInterest must have a length of at least 1, not 0/, { regionOfInterest: [] }],
  ["RangeError", /regionOfInterest must have a length of at most 18, not 19/, {
    regionOfInterest: Array(19).fill(RECTANGLE),
  }],
  ["RangeError", /regionOfInterest\[1\]\.width must be .* from 1 to 310, not 311/, {
    regionOfInterest: [RECTANGLE, { x: 10, y: 0, width: 311, height: 1 }],
  }],
  ["RangeError", /pixelMask must have a length of at most 102400, not 102401/, {
    pixelMask: Array(102_401).fill({ x: 0, y: 0 }),
  }],
  ["RangeError", /pixelMask\[0\]\.x must be a whole number from 0 to 319, not 320/, { pixelMask: [{ x: 320, y: 0 }] }],
  ["RangeError", /maximumEventsPerPeriod must be a whole number from 0 to 20000, not 20001/, {
    rateLimiter: { referencePeriodUs: 100, maximumEventsPerPeriod: 20_001 },
  }],
  ["TypeError", /must not be given together/, {
    rateLimiter: { maximumEventsPerSecond: 1e6, maximumEventsPerPeriod: 1 },
  }],
  ["RangeError", /activityFilter\.upperStart must be at most 2097151 events in 1000 µs, not 3000000000/, {
    activityFilter: { upperStart: 3e9 },
  }],
  ["RangeError", /trailFilter\.thresholdUs must be .*, not 999/, { trailFilter: { type: "trail", thresholdUs: 999 } }],
  ["RangeError", /eventFormat must be one of "evt2", "evt3", "evt2\.1", not "evt4"/, { eventFormat: "evt4" }],
];

test("what a GenX320 cannot take is refused with its name and range", () => {
  for (const [name, message, changes] of REFUSED) assert.throws(() => checkConfiguration(changes), { name, message });
});

test("a region takes the place of the other one, and null switches its own off alone", () => {
  const inside = checkConfiguration({ regionOfInterest: RECTANGLE });
  assert.deepEqual(inside.regionOfInterest, [RECTANGLE]);
  const outside = checkConfiguration({ regionOfNonInterest: [RECTANGLE] }, inside);
  assert.equal(outside.regionOfInterest, null);
  assert.deepEqual(outside.regionOfNonInterest, [RECTANGLE]);
  assert.deepEqual(checkConfiguration({ regionOfInterest: null }, outside).regionOfNonInterest, [RECTANGLE]);
  assert.equal(checkConfiguration({ regionOfNonInterest: null }, outside).regionOfNonInterest, null);
  assert.equal(checkConfiguration({ regionOfInterest: RECTANGLE }, outside).regionOfNonInterest, null);
});

test("a configuration survives JSON, and does not change with the objects that it was made of", () => {
  const window = { x: 1, y: 2, width: 3, height: 4 };
  const changes: Genx320Changes = {
    biases: { diffOn: 50 },
    regionOfInterest: [window],
    pixelMask: [{ x: 5, y: 6 }],
    digitalCrop: window,
    antiFlicker: { minimumHz: 90, maximumHz: 130 },
    trailFilter: { type: "stc-cut-trail", thresholdUs: 5_000 },
    activityFilter: { windowUs: 100, lowerStart: 1e6 },
    rateLimiter: { maximumEventsPerSecond: 5e6 },
    clock: "external",
    externalTrigger: false,
    eventFormat: "evt2",
  };
  const { configuration } = openModel(changes).camera;
  assert.deepEqual(configuration.rateLimiter, { referencePeriodUs: 100, maximumEventsPerPeriod: 500 });
  assert.deepEqual(checkConfiguration(JSON.parse(JSON.stringify(configuration))), configuration);
  window.x = 200;
  assert.equal(configuration.regionOfInterest![0]!.x, 1);
  assert.equal(configuration.digitalCrop!.x, 1);
});
