import assert from "node:assert/strict";
import { test } from "node:test";
import { biasStates, type Gen41BiasChanges } from "../../../src/cameras/gen41/biases.ts";
import { checkConfiguration } from "../../../src/cameras/gen41/configuration_check.ts";

const checked = (biases: Gen41BiasChanges, beyondRecommendedBiases = false) =>
  checkConfiguration({ biases, beyondRecommendedBiases }).biases;

test("biases are codes, and what is not given is the default of the bias file for this sensor", () => {
  const { fo, hpf, diffOn, diff, diffOff, refr } = checked({ hpf: 40 });
  assert.deepEqual([fo, hpf, diffOn, diff, diffOff, refr], [74, 40, 115, 80, 52, 68]);
});

test("the ends of OpenEB's ranges are allowed, and what lies beyond them names the option for it", () => {
  const ranges = [
    ["fo", 45, 110],
    ["hpf", 0, 120],
    ["diffOn", 95, 140],
    ["diffOff", 25, 65],
    ["refr", 20, 100],
  ] as const;
  for (const [name, minimum, maximum] of ranges) {
    for (const code of [minimum, maximum]) assert.equal(checked({ [name]: code })[name], code);
    for (const code of [minimum - 1, maximum + 1].filter((code) => code >= 0)) {
      assert.throws(() => checked({ [name]: code }), (error: unknown) => {
        assert.ok(error instanceof RangeError);
        const range = `configuration.biases.${name} must be a whole number from ${minimum} to ${maximum} (recommended`;
        assert.ok(error.message.startsWith(range), error.message);
        assert.match(error.message, /beyondRecommendedBiases: true allows more\), not \d+$/);
        return true;
      });
      assert.equal(checked({ [name]: code }, true)[name], code);
    }
  }
  assert.equal(checked({ diff: 52, diffOff: 37 }).diff, 52);
  assert.equal(checked({ diff: 100 }).diff, 100);
  assert.throws(() => checked({ diff: 51, diffOff: 25 }), /biases\.diff must be a whole number from 52 to 100/);
});

test("thresholds keep 15 codes from diff, whichever of the two is changed", () => {
  assert.throws(
    () => checked({ diffOn: 94 }),
    /diffOn must be a whole number from 95 to 140 \(recommended with diff 80;/,
  );
  assert.throws(
    () => checked({ diff: 66 }),
    /diffOff must be a whole number from 25 to 51 \(recommended with diff 66;/,
  );
  assert.deepEqual(checked({ diff: 66, diffOff: 51 }).diffOff, 51);
  const base = checkConfiguration({ biases: { diffOn: 110 } });
  assert.throws(() => checkConfiguration({ biases: { diff: 96 } }, base), /diffOn must be a whole number from 111 /);
});

test("no option allows a code that the register cannot hold", () => {
  for (const code of [-1, 256, 1.5]) {
    assert.throws(() => checked({ pr: code }, true), /biases\.pr must be a whole number from 0 to 255/);
  }
  assert.throws(() => checked({ fo: { code: 80 } as never }), TypeError);
  assert.throws(() => checked({ inv: 91 } as never), /configuration\.biases has no option "inv"/);
});

test("the state of the biases tells codes and bounds", () => {
  const states = biasStates(checked({ diff: 90, diffOn: 120 }));
  assert.deepEqual(states.diffOn, { code: 120, minimum: 0, maximum: 255, recommended: { minimum: 105, maximum: 140 } });
  assert.deepEqual(states.diffOff.recommended, { minimum: 25, maximum: 75 });
  assert.deepEqual(states.pr, { code: 105, minimum: 0, maximum: 255, recommended: undefined });
});
