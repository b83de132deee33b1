import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { BIASES, biasWord, heldMillivolts } from "../../../src/cameras/gen31/biases.ts";
import {
  DEFAULT_CONFIGURATION,
  type Gen31BiasChanges,
  type Gen31Biases,
} from "../../../src/cameras/gen31/configuration.ts";
import { checkConfiguration } from "../../../src/cameras/gen31/configuration_check.ts";
import { Gen31 } from "../../../src/cameras/gen31/sensor.ts";
import { TreuzellConnection } from "../../../src/cameras/treuzell/connection.ts";
import { findGoldenFolder } from "../testing/transcript.ts";
import { Gen31Model } from "./testing/gen31_model.ts";
import { options, readCalls } from "./testing/recordings.ts";

/** `bias_diff_off` of the recordings is `diffOff` here. */
function nameOf(golden: string): keyof Gen31Biases {
  return golden.slice("bias_".length).replace(
    /_(.)/g,
    (_, letter: string) => letter.toUpperCase(),
  ) as keyof Gen31Biases;
}

const folder = findGoldenFolder();
const table = folder === undefined ? undefined : new URL("../gen31_bias_words.json", folder);

test("each of the 1801 values of each bias has OpenEB's word", {
  skip: table === undefined || !existsSync(table) ? "the table of words (../shared/facts) is not here" : false,
}, () => {
  const { words } = JSON.parse(readFileSync(table!, "utf-8")) as { words: Record<string, [number, string][]> };
  assert.equal(Object.keys(words).length, BIASES.length);
  for (const [golden, runs] of Object.entries(words)) {
    for (const [index, [first, word]] of runs.entries()) {
      const end = runs[index + 1]?.[0] ?? 1_801;
      for (let millivolts = first; millivolts < end; ++millivolts) {
        assert.equal(biasWord(nameOf(golden), millivolts), Number(word), `${golden} ${millivolts}`);
      }
      assert.equal(heldMillivolts(nameOf(golden), end - 1), first, golden);
    }
  }
});

/** Both ends, defaults, and values around the changes of the control bits. */
const CHOSEN: readonly (readonly [name: keyof Gen31Biases, words: Readonly<Record<number, number>>])[] = [
  ["diff", { 0: 0x7900_0000, 17: 0x7900_0000, 18: 0x7900_0001, 200: 0x7900_001b, 299: 0x7900_0029, 400: 0x7900_0037 }],
  ["diffOn", { 384: 0x7900_0035, 900: 0x7900_007e, 1_789: 0x7900_00fe, 1_790: 0x7900_00ff, 1_800: 0x7900_00ff }],
  ["diffOff", { 221: 0x7900_001e, 220: 0x7900_001d }],
  ["fo", { 0: 0x7100_7f00, 1_250: 0x7100_7200, 1_477: 0x7100_3d00, 1_740: 0x7100_0100, 1_741: 0x7100_0000 }],
  ["pr", { 510: 0x7100_b900, 511: 0x411e_0800, 975: 0x4100_3b00, 1_157: 0x4100_0800, 1_158: 0x5114_bc00 }],
  ["pr", { 1_250: 0x5103_4f00, 1_525: 0x5100_0000, 1_800: 0x5100_0000 }],
  ["hpf", { 900: 0x4100_8500, 1_350: 0x5100_4900, 1_448: 0x5100_0600, 1_499: 0x5100_0100 }],
  ["refr", { 0: 0x7100_0000, 1_300: 0x5116_9200, 1_500: 0x5100_4f00, 1_550: 0x5100_1200, 1_652: 0x5100_0000 }],
];

test("chosen values have the recorded words", () => {
  for (const [name, words] of CHOSEN) {
    for (const [millivolts, word] of Object.entries(words)) {
      assert.equal(biasWord(name, Number(millivolts)), word, `${name} ${millivolts}`);
    }
  }
  assert.equal(heldMillivolts("diff", 400), 397);
  assert.equal(heldMillivolts("hpf", 1_498), 1_483);
});

test("the defaults are what the sensor holds after the start, in millivolts", () => {
  const { biases } = DEFAULT_CONFIGURATION;
  const model = new Gen31Model();
  const board = new TreuzellConnection();
  model.carryOut(new Gen31(board.device(0), board.device(1), DEFAULT_CONFIGURATION).setUp());
  for (const { name, register } of BIASES) {
    assert.equal(heldMillivolts(name, biases[name]), biases[name], name);
    const word = model.registers.get(`0 0x00000${register.address.toString(16).toUpperCase()}`)!;
    const codeInUse = name.startsWith("diff") ? 0xff : 0x1f_ff00;
    assert.equal(word & codeInUse, biasWord(name, biases[name]) & codeInUse, name);
  }
});

const refuses = (biases: Gen31BiasChanges, message: RegExp) =>
  assert.throws(() => checkConfiguration({ biases }), { name: "RangeError", message });

test("biases that do not go together are refused, and the message names the rule", () => {
  refuses(
    { diffOff: 235 },
    /^configuration\.biases\.diffOff must be at least 65 mV below diff, which is 299 here, with fo of 1350 or more, not 235$/,
  );
  refuses(
    { diffOn: 373 },
    /diffOn must be at least 75 mV above diff, which is 299 here, with fo of 1350 or more, not 373$/,
  );
  assert.equal(checkConfiguration({ biases: { diffOff: 234, diffOn: 374 } }).biases.diffOff, 234);
  const slow = { fo: 1_340, refr: 1_350 };
  refuses(
    { ...slow, diffOff: 215 },
    /diffOff must be at least 85 mV below diff, which is 299 here, with fo below 1350, not 215/,
  );
  refuses({ ...slow, diffOff: 214, diffOn: 393 }, /diffOn must be at least 95 mV above diff/);
  refuses({ fo: 1_390, refr: 1_349 }, /refr must be at least 1350 mV with fo below 1400, not 1349$/);
  assert.equal(checkConfiguration({ biases: { fo: 1_403, refr: 1_300 } }).biases.refr, 1_300);
  // What the sensor holds counts, as in OpenEB: 400 mV of diff are 397, 1350 mV of fo are 1346.
  refuses({ diff: 400, diffOn: 471 }, /at least 75 mV above diff, which is 397 here/);
  assert.equal(checkConfiguration({ biases: { diff: 400, diffOn: 472 } }).biases.diffOn, 472);
  refuses({ fo: 1_350, diffOff: 215 }, /with fo below 1350/);
  // The whole configuration counts: a change of diff may need one of a threshold.
  const base = checkConfiguration({ biases: { diffOn: 380 } });
  assert.throws(() => checkConfiguration({ biases: { diff: 320 } }, base), { name: "RangeError", message: /diffOn/ });
});

test("beyondRecommendedBiases allows each value from 0 to 1800, and no other", () => {
  const biases = { diffOff: 1_800, diffOn: 0, diff: 1_800, fo: 0, pr: 0, refr: 0, hpf: 0 };
  const configuration = checkConfiguration({ biases, beyondRecommendedBiases: true });
  assert.deepEqual({ ...configuration.biases }, biases);
  assert.throws(() => checkConfiguration({ beyondRecommendedBiases: false }, configuration), { name: "RangeError" });
  assert.throws(() => checkConfiguration({ biases: { pr: 1_801 }, beyondRecommendedBiases: true }), {
    name: "RangeError",
    message: /^configuration\.biases\.pr must be a whole number from 0 to 1800, not 1801$/,
  });
});

test("what OpenEB sets, refuses and calls out of range is set, refused and out of range here", options, () => {
  let held: Gen31Biases = DEFAULT_CONFIGURATION.biases;
  let compared = 0;
  for (const { name: call, lines, result } of readCalls("gen31__biases")) {
    const [, golden, value] = /^bias (bias_\w+) set (-?\d+)$/.exec(call) ?? [];
    if (golden === undefined) continue;
    const [name, millivolts] = [nameOf(golden), Number(value)];
    const changed = { ...held, [name]: millivolts };
    const { message = "" } = error(() => checkConfiguration({ biases: changed }));
    const about = message.startsWith(`configuration.biases.${name} `);
    if (result === "= 1") {
      // OpenEB does not look at the thresholds when it sets diff or fo; we do, and name the threshold.
      assert.ok(!about, message);
      const written = lines.filter((line) => line.startsWith("W"))[0]!;
      assert.equal(biasWord(name, millivolts), Number(written.split(" ")[3]), call);
      held = changed;
    } else {
      assert.ok(about || message.startsWith("configuration.biases.diff"), `${call}: ${message}`);
      if (result.includes("ValueOutOfRange")) assert.match(message, /a whole number from \d+ to \d+/);
    }
    compared += 1;
  }
  assert.equal(compared, 37);
});

function error(act: () => unknown): Partial<Error> {
  try {
    act();
    return {};
  } catch (error) {
    return error as Error;
  }
}

test("neuromorphic-drivers' words for the same numbers are others", () => {
  // It writes 0x79000190 for diff_on 400, 0x5105AA00 for hpf 1450.
  assert.equal(biasWord("diffOn", 400), 0x7900_0037);
  assert.equal(biasWord("hpf", 1_450), 0x5100_0600);
});
