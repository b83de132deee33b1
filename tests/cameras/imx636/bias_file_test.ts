/** Metavision's bias files of an IMX636: what is read, what is written, and which mistakes are told with their line. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatBiasFile, parseBiasFile, type PropheseeEvk4Configuration } from "../../../mod.ts";
import type { PropheseeEvk4Changes } from "../../../src/cameras/prophesee_evk4/configuration.ts";
import { propheseeEvk4 } from "../../../src/cameras/prophesee_evk4/driver.ts";
import { atRandom } from "../../support/random.ts";
import { carryOutByHand } from "../testing/by_hand.ts";
import { Evk4Model, OTHER_CHIP } from "../testing/evk4_model.ts";
import { findGoldenFolder } from "../testing/transcript.ts";

const folder = findGoldenFolder();
const options = folder === undefined
  ? { skip: "OpenEB's recordings (../shared/facts/golden_openeb) are not here" }
  : {};

const type = "prophesee-evk4";

const configurationOf = (changes: PropheseeEvk4Changes) =>
  propheseeEvk4.checkConfiguration(changes) as PropheseeEvk4Configuration;
const format = (changes: PropheseeEvk4Changes) => formatBiasFile(configurationOf(changes), { type });

/** The file whose loading is recorded. */
const RECORDED_FILE = `% type: made-up bias file
10   % bias_diff_on
-0x5 % bias_diff_off
0    % bias_fo
7    % bias_hpf
`;

test("saving and loading a file does what is recorded of OpenEB", options, () => {
  const text = readFileSync(new URL("../golden_openeb/imx636__biasfile.txt", folder), "utf-8");
  const [, saved] = /# biases save_to_file\n= (.*)/.exec(text)!;
  const loaded = [.../W 0 (0x\w+) (0x\w+)/g[Symbol.matchAll](text.slice(text.indexOf("# biases load_from_file")))];
  const model = new Evk4Model({ biasCodes: OTHER_CHIP });
  const before = { biases: { diff: 23, diffOff: 189, hpf: 120, refr: 224 } };
  const camera = carryOutByHand(propheseeEvk4.open(propheseeEvk4.checkConfiguration(before)), model).result;
  assert.equal(formatBiasFile(camera.configuration, { type }), saved!.replaceAll("\\n", "\n"));
  carryOutByHand(camera.update(parseBiasFile(RECORDED_FILE, { type })), model);
  assert.equal(loaded.length, 4);
  for (const [, address, word] of loaded) assert.equal(model.registers.get(Number(address)), Number(word), address);
});

test("a text is read as changes: offsets, decimal and hexadecimal, after a header, in any order", () => {
  assert.deepEqual(parseBiasFile(RECORDED_FILE, { type }), { biases: { diffOn: 10, diffOff: -5, fo: 0, hpf: 7 } });
  assert.deepEqual(parseBiasFile("-20 anything bias_refr", { type }), { biases: { refr: -20 } });
  const spaced = "% date 2026-01-01\r\n%\r\n  +3\t%  bias_diff   and more\r\n0x0a % bias_fo\r\n";
  assert.deepEqual(parseBiasFile(spaced, { type }), { biases: { diff: 3, fo: 10 } });
  assert.equal(Object.is(parseBiasFile("-0 % bias_fo", { type }).biases!.fo, 0), true);
});

test("an empty line ends the reading, and a name may come twice with the same value", () => {
  assert.deepEqual(parseBiasFile("1 % bias_fo\n\n2 % bias_fo\nnothing", { type }), { biases: { fo: 1 } });
  assert.deepEqual(parseBiasFile("1 % bias_fo\n0x1 % bias_fo\n", { type }), { biases: { fo: 1 } });
});

test("values beyond the recommended ranges need the option, which goes with the changes", () => {
  const text = "-100 % bias_diff_on\n";
  assert.throws(() => parseBiasFile(text, { type }), RangeError);
  const changes = parseBiasFile(text, { type, beyondRecommendedBiases: true });
  assert.deepEqual(changes, { biases: { diffOn: -100 }, beyondRecommendedBiases: true });
  assert.equal(format(changes).split("\n")[2], "-100 % bias_diff_on");
});

test("any offsets go through a file", async () => {
  await atRandom((random) => {
    for (let round = 0; round < 50; ++round) {
      const names = ["diff", "diffOff", "diffOn", "fo", "hpf", "refr"];
      const biases = Object.fromEntries(names.map((name) => [name, random.whole(-255, 255)]));
      const given = { biases, beyondRecommendedBiases: true };
      assert.deepEqual(parseBiasFile(format(given), { type, beyondRecommendedBiases: true }), given);
    }
    return Promise.resolve();
  });
});

const names = "bias_diff, bias_diff_off, bias_diff_on, bias_fo, bias_hpf, bias_refr";
const number = "a whole number, decimal or hexadecimal with 0x";

const MISTAKES: readonly (readonly [text: string, error: string])[] = [
  ["", "SyntaxError: bias file: no line names a bias, for example: 15 % bias_diff_on"],
  ["% only a header\n", "SyntaxError: bias file: no line names a bias, for example: 15 % bias_diff_on"],
  [
    "5 % bias_fo\n5 %\n",
    'SyntaxError: bias file, line 2: a bias must be its value, % and its name, not "5 %"',
  ],
  [
    '{"biases":{}}',
    'SyntaxError: bias file, line 1: a bias must be its value, % and its name, not "{\\"biases\\":{}}"',
  ],
  [
    "5 % bias_fo\n% a comment among biases",
    `SyntaxError: bias file, line 2: the value of comment must be ${number}, not "%"`,
  ],
  ["12.7 % bias_fo", `SyntaxError: bias file, line 1: the value of bias_fo must be ${number}, not "12.7"`],
  ["abc % bias_fo", `SyntaxError: bias file, line 1: the value of bias_fo must be ${number}, not "abc"`],
  ["0X10 % bias_fo", `SyntaxError: bias file, line 1: the value of bias_fo must be ${number}, not "0X10"`],
  [
    "5 % bias_dif_on",
    'TypeError: bias file, line 1: the sensor has no bias "bias_dif_on" in files; did you mean "bias_diff_on"?',
  ],
  // Of a Gen3.1, whose biases are absolute voltages.
  [
    "% h\n1250 % bias_latchout_pu",
    `TypeError: bias file, line 2: the sensor has no bias "bias_latchout_pu" in files; it has ${names}`,
  ],
  ["5 % constructor", `TypeError: bias file, line 1: the sensor has no bias "constructor" in files; it has ${names}`],
  [
    "1 % bias_fo\n2 % bias_hpf\n3 % bias_fo",
    "SyntaxError: bias file, line 3: bias_fo must have one value, not 1 and 3",
  ],
  [
    "1 % bias_fo\n146 % bias_diff_on",
    "RangeError: bias file, line 2: bias_diff_on must be a whole number from -85 to 145 (recommended for an IMX636 or " +
    "IMX646; beyondRecommendedBiases: true allows more), not 146",
  ],
  ["1500 % bias_refr", "RangeError: bias file, line 1: bias_refr must be a whole number from -255 to 255, not 1500"],
];

test("a mistake is told with its line", () => {
  for (const [text, error] of MISTAKES) {
    assert.throws(() => parseBiasFile(text, { type }), (thrown) => {
      assert.equal(String(thrown), error);
      return true;
    });
  }
});

test("what a file cannot hold is told before there is a text", () => {
  const refused = (changes: PropheseeEvk4Changes, message: RegExp) =>
    assert.throws(() => format(changes), { name: "RangeError", message });
  refused(
    { biases: { diffOn: 3, unknown2: -1 } },
    /^configuration\.biases\.unknown2 must be 0, as a bias file .*, not -1$/,
  );
  refused({ biases: { pr: { code: 124 } } }, /^configuration\.biases\.pr must be 0, as a bias file .*, not an object$/);
  refused(
    { biases: { fo: { code: 83 } } },
    /^configuration\.biases\.fo must be an offset, as a bias file has no codes/,
  );
});

test("wrong options and types are told", () => {
  const told = (run: () => unknown, error: string) => {
    assert.throws(run, (thrown) => String(thrown).startsWith(error) || assert.fail(String(thrown)));
  };
  told(() => parseBiasFile(5 as never, { type }), "TypeError: text must be a string, not 5");
  told(() => parseBiasFile("", {} as never), 'TypeError: type must be one of "prophesee-evk4", not undefined');
  told(
    () => parseBiasFile("", { type: "evk4" } as never),
    'RangeError: type must be one of "prophesee-evk4", not "evk4"',
  );
  told(() => formatBiasFile({ bias: 1 } as never, { type }), "TypeError: configuration has no option");
  told(() => formatBiasFile(undefined as never, { type }), "TypeError: configuration must be an object, not null");
});
