import assert from "node:assert/strict";
import { test } from "node:test";
import { countTests, countZig, formatCounts, sumCounts } from "../../scripts/testing/counts.ts";

test("the tests of a report by their results", () => {
  const tests = (["passed", "failed", "passed", "skipped"] as const).map((result) => {
    return { file: "tests/a_test.ts", name: "a test", result, message: "" };
  });
  assert.deepEqual(countTests(tests), { passed: 2, failed: 1, skipped: 1 });
  assert.deepEqual(countTests([]), { passed: 0, failed: 0, skipped: 0 });
});

test("Zig's summaries", () => {
  assert.deepEqual(countZig("Build Summary: 5/5 steps succeeded; 3/4 tests passed (1 skipped)\ntest success\n"), {
    passed: 3,
    failed: 0,
    skipped: 1,
  });
  assert.deepEqual(countZig("Build Summary: 5/5 steps succeeded; 12/12 tests passed\n"), {
    passed: 12,
    failed: 0,
    skipped: 0,
  });
  assert.deepEqual(
    countZig("x\nBuild Summary: 3/5 steps succeeded (1 failed); 2/5 tests passed (1 skipped, 1 failed, 1 crashed)\n"),
    { passed: 2, failed: 2, skipped: 1 },
  );
  assert.equal(countZig("Build Summary: 5/5 steps succeeded\n"), undefined);
  assert.equal(countZig("error: no build.zig\n"), undefined);
});

test("the last line", () => {
  const sum = sumCounts([{ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 }]);
  assert.equal(formatCounts(sum), "11 passed, 22 failed, 33 skipped");
  assert.equal(formatCounts(sumCounts([])), "0 passed, 0 failed, 0 skipped");
});
