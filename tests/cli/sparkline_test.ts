import assert from "node:assert/strict";
import { test } from "node:test";
import { ratesInParts, sparkline } from "../../src/cli/sparkline.ts";

test("the largest value is the highest, and nothing differs from little", () => {
  assert.equal(sparkline([0, 1, 50, 100, 1000]), " ▁▁▁█");
  assert.equal(sparkline([1, 2, 3, 4, 5, 6, 7, 8], "ascii"), ".-=+*#@@");
  assert.equal(sparkline([0, 0]), "  ");
});

test("spans of any length are spread over the parts, and no event is lost", () => {
  const rates = { start: 1000, intervalUs: 64, counts: [10, 0, 30, 40, 5] };
  for (const parts of [1, 2, 3, 5, 7, 64]) {
    for (const last of [1256, 1260, 1319]) {
      const inParts = ratesInParts(rates, last, parts);
      const events = inParts.reduce((sum, rate) => sum + rate * (last - 1000) / parts / 1e6, 0);
      assert.ok(Math.abs(events - 85) < 1e-6, `${parts} parts until ${last}: ${events}`);
      assert.ok(inParts.every((rate) => rate >= 0));
    }
  }
  // The last span is half as long as the others, and as busy.
  const even = ratesInParts({ start: 5, intervalUs: 64, counts: [64, 64, 32] }, 165, 10);
  for (const rate of even) assert.ok(Math.abs(rate - 1e6) < 1, even.join(", "));
  // One event alone: all of it is in one part.
  assert.deepEqual(ratesInParts({ start: 5, intervalUs: 1, counts: [1] }, 5, 2), [1e6, 1e6]);
});
