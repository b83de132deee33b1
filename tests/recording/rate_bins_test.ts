import assert from "node:assert/strict";
import { test } from "node:test";
import { RateBins } from "../../src/recording/rate_bins.ts";
import { atRandom } from "../support/random.ts";

test("each event is counted in its span, however long the recording becomes", () =>
  atRandom((random) => {
    const start = random.whole(0, 1e9);
    const longest = 10 ** random.whole(1, 9);
    const times = Array.from({ length: 5000 }, () => start + Math.floor(random.next() ** 4 * longest));
    times.sort((one, other) => one - other);
    const bins = new RateBins();
    for (let index = 0; index < times.length;) {
      const end = index + random.whole(1, 700);
      bins.add(Float64Array.from(times.slice(index, end)));
      index = end;
    }
    const { start: begin, intervalUs, counts } = bins.rates!;
    assert.equal(begin, times[0]);
    assert.ok(counts.length <= 256 && Number.isInteger(Math.log2(intervalUs)));
    const expected = counts.map(() => 0);
    for (const t of times) expected[Math.floor((t - begin) / intervalUs)]! += 1;
    assert.deepEqual(counts, expected);
    assert.ok(counts.at(-1)! > 0, "the last event lies in the last span");
    const durationUs = times.at(-1)! - begin;
    assert.ok(durationUs < intervalUs * 256 && (intervalUs === 1 || durationUs >= intervalUs * 128));
    return Promise.resolve();
  }));

test("a time at which a span ends lies in the next one", () => {
  const bins = new RateBins();
  bins.add(Float64Array.of(7, 7, 8, 8, 8, 9));
  assert.deepEqual(bins.rates, { start: 7, intervalUs: 1, counts: [2, 3, 1] });
});

test("without events there are no rates", () => {
  const bins = new RateBins();
  bins.add(new Float64Array(0));
  assert.equal(bins.rates, undefined);
});
