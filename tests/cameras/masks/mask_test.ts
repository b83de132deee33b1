import assert from "node:assert/strict";
import { test } from "node:test";
import { Mask, maskOf } from "../../../src/cameras/masks/mask.ts";
import { atRandom } from "../../support/random.ts";

const check = maskOf(8);

const texts: readonly (readonly [bytes: readonly number[], text: string])[] = [
  [[0, 0, 0, 0, 0, 0, 0, 0], ""],
  [[1, 1, 1, 1, 1, 1, 1, 1], "0-7"],
  [[1, 0, 0, 0, 0, 0, 0, 1], "0,7"],
  [[0, 1, 1, 0, 1, 0, 0, 0], "1-2,4"],
  [[0, 0, 0, 0, 0, 0, 1, 1], "6-7"],
];
for (const [bytes, text] of texts) {
  test(`${bytes.join(" ")} is "${text}" in JSON, and comes back from it`, () => {
    const mask = check(Uint8Array.from(bytes), "mask");
    assert.equal(JSON.stringify({ mask }), JSON.stringify({ mask: text }));
    assert.deepEqual([...check(text, "mask")], bytes);
  });
}

test("any mask comes back from its JSON, and from that of a plain Uint8Array", async () => {
  await atRandom((random) => {
    for (let times = 0; times < 200; times++) {
      const bytes = Uint8Array.from({ length: random.whole(1, 100) }, () => random.whole(0, 1));
      const mask = maskOf(bytes.length)(bytes, "mask");
      assert.deepEqual(maskOf(bytes.length)(JSON.parse(JSON.stringify(mask)), "mask"), mask);
      assert.deepEqual(maskOf(bytes.length)(JSON.parse(JSON.stringify(bytes)), "mask"), mask);
    }
    return Promise.resolve();
  });
});

test("ranges may overlap, be in any order and have spaces", () => {
  assert.equal(check(" 5 - 6", "mask").toJSON(), "5-6");
  assert.equal(check("4-6, 0 ,5", "mask").toJSON(), "0,4-6");
  assert.equal(check(" ", "mask").toJSON(), "");
});

test("a mask is a copy, and a structured clone of one is a mask again", () => {
  const bytes = new Uint8Array(8);
  const mask = check(bytes, "mask");
  bytes[0] = 1;
  assert.equal(mask[0], 0);
  mask.fill(1, 2, 4);
  assert.equal(check(structuredClone(mask), "mask").toJSON(), "2-3");
  assert.ok(mask instanceof Mask && mask.slice() instanceof Mask);
});

const range = 'ranges from 0 to 7, such as "0-9,15"';
const mistakes: readonly (readonly [value: unknown, message: string])[] = [
  ["8", `RangeError: mask must be ${range}, not "8"`],
  ["0-8", `RangeError: mask must be ${range}, not "0-8"`],
  ["5-4", `RangeError: mask must be ${range}, not "5-4"`],
  ["-1", `RangeError: mask must be ${range}, not "-1"`],
  ["1,,2", `RangeError: mask must be ${range}, not "1,,2"`],
  ["1-", `RangeError: mask must be ${range}, not "1-"`],
  ["0x1", `RangeError: mask must be ${range}, not "0x1"`],
  ["9".repeat(30), `RangeError: mask must be ${range}, not "${"9".repeat(30)}"`],
  [null, `TypeError: mask must be a Uint8Array of length 8, or ${range}, not null`],
  [0, `TypeError: mask must be a Uint8Array of length 8, or ${range}, not 0`],
  [[0, 1], `TypeError: mask must be a Uint8Array of length 8, or ${range}, not an array`],
  [{}, `TypeError: mask must be a Uint8Array of length 8, or ${range}, not an object`],
  [{ 0: 1, 2: 1 }, `TypeError: mask must be a Uint8Array of length 8, or ${range}, not an object`],
  [new Uint16Array(8), `TypeError: mask must be a Uint8Array of length 8, or ${range}, not an object (Uint16Array)`],
  [new Uint8Array(7), "RangeError: mask must have a length of 8, not 7"],
  [{ 0: 1, 1: 1 }, "RangeError: mask must have a length of 8, not 2"],
  [new Uint8Array(8).fill(2, 3), "RangeError: mask[3] must be 0 or 1, not 2"],
  [{ ...new Uint8Array(8), 5: "1" }, 'RangeError: mask[5] must be 0 or 1, not "1"'],
];
for (const [value, message] of mistakes) {
  test(message, () => {
    assert.throws(() => check(value, "mask"), (error) => {
      assert.equal(String(error), message);
      return true;
    });
  });
}
