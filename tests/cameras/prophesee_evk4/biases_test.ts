/** Biases are offsets from the chip's own codes, whichever chip it is, and the chip gets its codes back. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { BIAS_REGISTERS } from "../../../src/cameras/imx636/biases.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import type { Protocol } from "../../../src/protocol/exchange.ts";
import { atRandom, type Random } from "../../support/random.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { AUTHORS_CHIP, Evk4Model, OTHER_CHIP } from "../testing/evk4_model.ts";
import { assertTranscript, findGoldenFolder, readGolden, readLines, writeLines } from "../testing/transcript.ts";

const folder = findGoldenFolder();
const options = folder === undefined ? { skip: "the golden transcripts (../shared/facts/golden) are not here" } : {};

const beyondRecommendedBiases = true;

const NAMES = BIAS_REGISTERS.map(([name]) => name);

function open(model: Evk4Model, changes: PropheseeEvk4Changes = {}) {
  const opened = carryOutByHand(propheseeEvk4.open(propheseeEvk4.checkConfiguration(changes)), model);
  const linesOf = (protocol: Protocol<unknown>) => carryOutByHand(protocol, model).lines;
  return { camera: opened.result, lines: opened.lines, linesOf };
}

/** The lines that write biases; the set-up's own write of `diff` is none. */
function biasWrites(lines: readonly string[]): string[] {
  const isBias = (line: string) =>
    /^BULK_OUT 0x02 02010140(.{8})00000000..100000/.test(line) && !line.includes("50a111");
  return lines.filter((line) => isBias(line));
}

const codesOf = (biases: object) => Object.values(biases).map(({ code }) => code);

for (const [name, biasCodes] of [["authors'", AUTHORS_CHIP], ["another", OTHER_CHIP]] as const) {
  test(`offsets of 0 are the chip's own codes: ${name} chip`, () => {
    const model = new Evk4Model({ biasCodes });
    const { camera, linesOf } = open(model);
    assert.deepEqual(model.biasCodes, biasCodes);
    assert.ok(Object.values(camera.configuration.biases).every((offset) => offset === 0));
    assert.deepEqual(linesOf(camera.update({ biases: { hpf: 0 } })), []);
  });
}

test("any offsets that a chip allows are set live and at open, and closing writes its codes back", async () => {
  const anyCodes = (random: Random) => NAMES.map(() => random.whole(0, 255));
  const checkRound = (random: Random, isLive: boolean) => {
    const [chip, codes] = [anyCodes(random), anyCodes(random)];
    const offsets = codes.map((code, index) => code - chip[index]!);
    const given = codes.map((code, index) => random.chance(0.5) ? offsets[index]! : { code });
    const biases = Object.fromEntries(NAMES.map((name, index) => [name, given[index]!]));
    const changes = { biases, beyondRecommendedBiases };
    const model = new Evk4Model({ biasCodes: chip });
    const { camera, linesOf } = open(model, isLive ? {} : changes);
    if (isLive) linesOf(camera.update(changes));
    assert.deepEqual(model.biasCodes, codes);
    assert.deepEqual(Object.values(camera.configuration.biases), offsets);
    const states = carryOutByHand(camera.sensors.biases(), model);
    assert.deepEqual([states.lines, codesOf(states.result)], [[], codes]);
    linesOf(camera.shutdown());
    assert.deepEqual(model.biasCodes, chip);
  };
  await atRandom((random) => {
    for (let round = 0; round < 40; ++round) checkRound(random, round % 2 === 0);
    return Promise.resolve();
  });
});

test("the codes of an earlier program are not taken for the chip's, nor is what the set-up writes", () => {
  const model = new Evk4Model({ biasCodes: OTHER_CHIP });
  for (const [, { address }] of BIAS_REGISTERS) model.registers.set(address, 0x11a1_0001);
  const { camera, lines } = open(model);
  assert.deepEqual(model.biasCodes, OTHER_CHIP);
  assert.equal(carryOutByHand(camera.sensors.biases(), model).result.diff.chipCode, 84);
  const at = (line: string) => lines.indexOf(line);
  assert.ok(at(writeLines(0x40_0004, 0)[0]!) < at(readLines(0x1000)[0]!));
  assert.ok(at(readLines(0x1050)[0]!) < at(writeLines(0x1014, 0x11a1_504d)[0]!));
});

test("the states tell code, offset, the chip's bounds and the recommended range", () => {
  const model = new Evk4Model({ biasCodes: OTHER_CHIP });
  const { camera } = open(model, { biases: { diffOff: -10, pr: 3 } });
  const { diffOff, pr } = carryOutByHand(camera.sensors.biases(), model).result;
  assert.deepEqual(diffOff, {
    code: 56,
    chipCode: 66,
    offset: -10,
    minimum: -66,
    maximum: 189,
    recommended: { minimum: -35, maximum: 190 },
  });
  assert.deepEqual(pr, { code: 120, chipCode: 117, offset: 3, minimum: -117, maximum: 138, recommended: undefined });
});

/** On {@link OTHER_CHIP}: mistakes that show when the chip is known. */
const MISTAKES: readonly (readonly [changes: PropheseeEvk4Changes, message: string])[] = [
  [
    { biases: { diffOff: 190 } },
    "configuration.biases.diffOff must be a whole number from -66 to 189 (this chip's own code is 66, and codes reach " +
    "from 0 to 255), not 190",
  ],
  [
    { biases: { pr: -118 }, beyondRecommendedBiases },
    "configuration.biases.pr must be a whole number from -117 to 138 (this chip's own code is 117, and codes reach " +
    "from 0 to 255), not -118",
  ],
  [
    { biases: { diffOn: 141 } },
    "configuration.biases.diffOn must be a whole number from -85 to 140 (recommended for an IMX636; " +
    "beyondRecommendedBiases: true allows more), not 141",
  ],
  [
    { biases: { diffOn: { code: 255 } } },
    "configuration.biases.diffOn.code must be a whole number from 25 to 250 (recommended for an IMX636 with the own " +
    "code 110; beyondRecommendedBiases: true allows more), not 255",
  ],
];

test("what the chip cannot have is refused before a bias is written, and the camera is shut down again", () => {
  for (const [changes, message] of MISTAKES) {
    const model = new Evk4Model({ biasCodes: OTHER_CHIP });
    assert.throws(() => open(model, changes), { name: "RangeError", message });
    assert.deepEqual(model.biasCodes, OTHER_CHIP);
    assert.equal(model.registers.get(0x7008), undefined, "the set-up has begun");
    assert.equal(model.registers.get(0x000c), 0, "no shutdown");
  }
});

test("the recommended ranges are those of the model that was found", () => {
  const imx646 = { biasCodes: OTHER_CHIP, variant: 2 };
  const { camera } = open(new Evk4Model(imx646), { biases: { diffOn: 145, fo: -20 } });
  const { fo } = carryOutByHand(camera.sensors.biases(), new Evk4Model()).result;
  assert.deepEqual([fo.offset, fo.recommended], [-20, { minimum: -20, maximum: 0 }]);
  const message = /^configuration\.biases\.fo must be .* from -20 to 0 \(recommended for an IMX646; .*\), not 1$/;
  assert.throws(() => camera.update({ biases: { fo: 1 } }).next(), { name: "RangeError", message });
  assert.throws(() => open(new Evk4Model(imx646), { biases: { fo: 1 } }), { name: "RangeError", message });
});

test("what the chip cannot have is refused by an update without traffic", () => {
  const model = new Evk4Model({ biasCodes: OTHER_CHIP });
  const { camera } = open(model);
  for (const [changes, message] of MISTAKES) {
    assert.throws(() => camera.update(changes).next(), { name: "RangeError", message });
  }
});

test("what no chip and no model can have is refused before the camera is opened", () => {
  const refused = (changes: unknown, message: RegExp) => {
    assert.throws(() => propheseeEvk4.checkConfiguration(changes), { name: "RangeError", message });
  };
  refused(
    { biases: { diffOn: 146 } },
    /from -85 to 145 \(recommended for an IMX636 or IMX646; beyond.* more\), not 146$/,
  );
  refused({ biases: { hpf: -1 } }, /^configuration\.biases\.hpf must be a whole number from 0 to 120 .*, not -1$/);
  refused({ biases: { fo: -256 }, beyondRecommendedBiases }, /must be a whole number from -255 to 255, not -256$/);
  propheseeEvk4.checkConfiguration({ biases: { diffOn: 146, hpf: -1 }, beyondRecommendedBiases });
});

test("to come back to the recommended ranges, the biases must come back too", () => {
  const model = new Evk4Model({ biasCodes: OTHER_CHIP });
  const { camera, linesOf } = open(model, { biases: { diffOn: -100 }, beyondRecommendedBiases });
  assert.throws(() => camera.update({ beyondRecommendedBiases: false }).next(), /biases\.diffOn .* not -100$/);
  linesOf(camera.update({ beyondRecommendedBiases: false, biases: { diffOn: -85 } }));
  assert.equal(camera.configuration.beyondRecommendedBiases, false);
});

/** The offsets of the golden scenario; beyond the codes 0 and 255 neuromorphic-drivers clamps, where ours is an error. */
const GOLDEN_OFFSETS: PropheseeEvk4Changes = {
  biases: {
    pr: -10,
    fo: 20,
    hpf: 40,
    diffOn: { code: 0 },
    diffOff: 60,
    refr: -20,
    reqpuy: 5,
    reqpux: { code: 255 },
    sendreqpdy: -1,
    unknown1: 2,
    unknown2: -3,
  },
  beyondRecommendedBiases,
};

const SCENARIOS = [
  ["default", AUTHORS_CHIP, {}],
  ["otherchip", OTHER_CHIP, {}],
  ["offsets", OTHER_CHIP, GOLDEN_OFFSETS],
] as const;

for (const [name, biasCodes, changes] of SCENARIOS) {
  test(`the biases of an opening, and the whole closing, equal neuromorphic-drivers 0.18.1: ${name}`, options, () => {
    const { camera, lines, linesOf } = open(new Evk4Model({ biasCodes }), changes);
    assert.deepEqual(biasWrites(lines), biasWrites(readGolden(folder!, `evk4_0_18-${name}__open`)));
    assertTranscript(linesOf(camera.shutdown()), readGolden(folder!, `evk4_0_18-${name}__close`), []);
  });
}

test("live updates of biases equal neuromorphic-drivers 0.18.1", options, () => {
  const { camera, linesOf } = open(new Evk4Model(), { beyondRecommendedBiases });
  const updated = (changes: PropheseeEvk4Changes, golden?: string) => {
    const lines = linesOf(camera.update(changes));
    if (golden !== undefined) assertTranscript(lines, readGolden(folder!, `evk4_0_18-default__update_${golden}`), []);
  };
  updated({ biases: { diffOn: 30 } }, "diff_on_plus30");
  updated({ biases: { diffOff: -30 } });
  updated({ biases: { diffOn: { code: 255 } } }, "diff_on_clamp_high");
  updated({ biases: { diffOn: { code: 0 } } });
  updated({ biases: { diffOn: 0, diffOff: 0 } }, "all_biases_zero");
});
