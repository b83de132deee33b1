import assert from "node:assert/strict";
import { test } from "node:test";
import { projectDirectory } from "../../scripts/project.ts";
import { lastLines, sumCounts } from "../../scripts/testing/result.ts";
import { formatCounts, formatFailures, formatResult } from "../../scripts/testing/summary.ts";

test("the last line", () => {
  const sum = sumCounts([{ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 }]);
  assert.equal(formatCounts(sum), "11 passed, 22 failed, 33 skipped");
  assert.equal(formatCounts(sumCounts([])), "0 passed, 0 failed, 0 skipped");
});

test("the last lines are without colours and empty ends", () => {
  assert.equal(lastLines("a\nb\n\x1b[1mc\x1b[0m\n\n", 2), "b\nc");
  assert.equal(lastLines("a"), "a");
});

test("a line of the summary gives the reason where nothing was run", () => {
  const counts = { passed: 1, failed: 0, skipped: 2 };
  assert.equal(formatResult("Deno", { counts, failures: [] }, 1.26), "Deno      1 passed, 0 failed, 2 skipped (1.3 s)");
  assert.equal(
    formatResult("Kernel", { counts, failures: [], skipReason: "no root" }, 0),
    "Kernel    1 passed, 0 failed, 2 skipped (0.0 s): no root",
  );
});

function failure(name: string, message: string, file = "tests/a_test.ts:3") {
  return { suite: "Node", file, name, message };
}

test("a failure is told with suite, place, name and the telling lines of its message", () => {
  const message = `\x1b[31mAssertionError\x1b[0m: why

+ actual
    at run (${projectDirectory}tests/a_test.ts:5:47)
    at Test.run (node:internal/test_runner/test:1402:25)
    at ext:deno_node/testing.ts:1:1628`;
  assert.equal(
    formatFailures([failure("bad", message, `${projectDirectory}tests/a_test.ts`)]),
    `FAILED Node: tests/a_test.ts: bad
    AssertionError: why
    + actual
        at run (${projectDirectory}tests/a_test.ts:5:47)`,
  );
  assert.equal(formatFailures([failure("bad", "", "")]), "FAILED Node: bad");
});

test("the end of a log has room for any number of failed tests and any text of theirs", () => {
  const long = Array.from({ length: 100 }, (_, line) => `line ${line} ${"x".repeat(500)}`).join("\n");
  for (const count of [1, 5, 20, 100, 1000]) {
    const failures = Array.from({ length: count }, (_, index) => failure(`test ${index}`, long));
    const told = formatFailures(failures);
    assert.ok(told.length < 8100, `${count} failures: ${told.length} characters`);
    const named = told.match(/^FAILED Node:/gm)!.length;
    const more = Number(/^FAILED and (\d+) more$/m.exec(told)?.[1] ?? 0);
    assert.equal(named + more, count);
    if (count <= 100) assert.equal(more, 0);
    if (count <= 5) assert.match(told, /^ {4}line 1 x/m);
  }
});
