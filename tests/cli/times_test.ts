import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, scaled } from "../../src/cli/amounts.ts";
import { absoluteTime, formatDuration, formatSeconds, parseTime } from "../../src/cli/times.ts";

test("times have a unit, and a + where they count from the first event", () => {
  const cases: readonly (readonly [text: string, us: number, isFromStart: boolean])[] = [
    ["1.5s", 1_500_000, false],
    ["200ms", 200_000, false],
    ["300us", 300, false],
    ["0.3µs", 0.3, false],
    [".1ms", 100, false],
    ["+2min", 120e6, true],
    ["1h", 3600e6, false],
  ];
  for (const [text, us, isFromStart] of cases) assert.deepEqual(parseTime("--from", text), { us, isFromStart }, text);
  assert.equal(parseTime("--from", undefined), undefined);
  for (const text of ["", "5", "s", "1.5 s", "-1s", "1e3s", "1s2ms", "++1s"]) {
    assert.throws(() => parseTime("--to", text), { name: "RangeError", message: /^--to must be a time with its unit/ });
  }
  assert.equal(absoluteTime({ us: 5, isFromStart: true }, 100), 105);
  assert.equal(absoluteTime({ us: 5, isFromStart: false }, 100), 5);
  assert.equal(absoluteTime(undefined, 100), undefined);
});

test("numbers and times for people have three digits", () => {
  const amounts = [0, 999, 999.6, 1000, 12_345, 999_600, 1.5e6, 4e9, 7e15].map((value) => scaled(value, "B"));
  assert.deepEqual(amounts, [
    "0 B",
    "999 B",
    "1.00 kB",
    "1.00 kB",
    "12.3 kB",
    "1.00 MB",
    "1.50 MB",
    "4.00 GB",
    "7000 TB",
  ]);
  assert.equal(grouped(1_234_567), "1,234,567");
  assert.deepEqual(
    [12, 8801, 1.5e6, 12e6, 200e6, 7500e6].map(formatDuration),
    ["12 µs", "8.8 ms", "1.5 s", "12 s", "3 min 20 s", "2 h 5 min"],
  );
  assert.equal(formatSeconds(11_718_656), "11.718656 s");
});
