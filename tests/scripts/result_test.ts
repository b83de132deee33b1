import assert from "node:assert/strict";
import { test } from "node:test";
import { projectDirectory } from "../../scripts/project.ts";
import { formatFailures, formatResult, lastLines, resultOfJUnit, resultOfZig } from "../../scripts/testing/result.ts";

const went = { exitStatus: 0, output: "" };
const broke = { exitStatus: 1, output: "" };

const fineReport = '<testsuites><testcase name="fine" file="tests/a_test.ts"/></testsuites>';
const badReport = `<testsuites>
  <testcase name="fine" file="tests/a_test.ts"/>
  <testcase name="bad" file="tests/a_test.ts" line="7"><failure message="why">Error: why</failure></testcase>
</testsuites>`;

test("a run whose tests passed has no failures", () => {
  const { counts, failures } = resultOfJUnit(went, fineReport);
  assert.deepEqual([counts, failures], [{ passed: 1, failed: 0, skipped: 0 }, []]);
});

test("a failed test is told with its file and message", () => {
  const { counts, failures } = resultOfJUnit(broke, badReport);
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.deepEqual(failures.map(({ file, name, message }) => [file, name, message]), [
    ["tests/a_test.ts:7", "bad", "Error: why"],
  ]);
});

test("a run that breaks counts as a failure, and its last words are told", () => {
  const crashed = { exitStatus: 139, output: "one\n\x1b[31mtwo\x1b[0m\n" };
  for (const xml of [undefined, fineReport]) {
    const { counts, failures } = resultOfJUnit(crashed, xml);
    assert.equal(counts.failed, 1);
    assert.deepEqual(failures, [{
      file: "",
      name: "the runner ended with status 139; its last words",
      message: "one\ntwo",
    }]);
  }
});

test("a file that breaks under Node is told with what Node said before", () => {
  const message = "[Error: test failed] { code: &apos;ERR_TEST_FAILURE&apos;, exitCode: 7, signal: null }";
  const xml = `<testcase name="tests/b_test.ts" file="/p/tests/b_test.ts"><failure>${message}</failure></testcase>`;
  const output =
    "Error: module level\n    at tests/b_test.ts:3:7\n\u2716 tests/b_test.ts (66 ms)\n\u2714 another (1 ms)\n";
  const [failure] = resultOfJUnit({ exitStatus: 1, output }, xml).failures;
  assert.match(failure!.message, /exitCode: 7.*\nError: module level\n {4}at tests\/b_test.ts:3:7$/);
});

test("a test that a helper declared is told with its own file where the stack has it", () => {
  const report = (message: string) => {
    return `<testcase name="a" classname="./tests/support/test.ts" line="17"><failure>${message}</failure></testcase>`;
  };
  const stack = "Error: why\n    at file:///p/tests/support/a.ts:3:1\n    at file:///p/tests/usb/b_test.ts:41:7";
  const fileOf = (message: string) => resultOfJUnit(broke, report(message)).failures[0]!.file;
  assert.equal(fileOf(stack), "tests/usb/b_test.ts:41");
  assert.equal(fileOf("Error: why"), "./tests/support/test.ts:17");
});

test("a run of nothing counts as a failure", () => {
  const { counts, failures } = resultOfJUnit({ exitStatus: 0, output: "no tests found\n" }, "<testsuites/>");
  assert.equal(counts.failed, 1);
  assert.deepEqual(failures, [{ file: "", name: "no test was run", message: "no tests found" }]);
});

test("Bun's errors between tests stand in its output only", () => {
  const output = `
tests/b_test.ts:

# Unhandled error between tests
-------------------------------
1 | throw new Error("module level");
error: module level
      at /tests/b_test.ts:1:11
-------------------------------

 1 fail
`;
  const { counts, failures } = resultOfJUnit({ exitStatus: 1, output }, fineReport);
  assert.equal(counts.failed, 1);
  assert.equal(failures.length, 1);
  assert.match(failures[0]!.message, /error: module level/);
});

const zigOutput = `debug: configuration cache hit
test
+- run test 3 pass, 1 fail (4 total); 1 leaks
error: 'a.test.it's: here' failed:
       expected 1, found 2
       /zig/lib/std/testing.zig:93:17: 0x1250211 in expectEqualInner__func_967 (std.zig)
error: 'a.test.leaks' leaked 1 allocations:
       [SafeAllocator] (err): leaked
failed command: ./.zig-cache/o/b443/test --seed=0x1

Build Summary: 1/3 steps succeeded (1 failed); 3/4 tests passed (1 failed)
`;

test("Zig's failed tests are told with what belongs to them", () => {
  const { counts, failures } = resultOfZig({ exitStatus: 1, output: zigOutput });
  assert.deepEqual(counts, { passed: 3, failed: 1, skipped: 0 });
  assert.deepEqual(failures.map(({ name }) => name), ["a.test.it's: here", "a.test.leaks"]);
  assert.match(failures[0]!.message, /^failed:\n +expected 1, found 2\n.*testing.zig:93/);
  assert.match(failures[1]!.message, /^leaked 1 allocations:\n.*leaked\n$/);
});

test("Zig sources that do not compile are told with their place", () => {
  const output = `test
+- run test
   +- compile test debug native 1 errors
src/c.zig:2:38: error: type 'u8' cannot represent integer value '256'
error: 1 compilation errors

Build Summary: 0/3 steps succeeded (1 failed)
`;
  const { counts, failures } = resultOfZig({ exitStatus: 1, output });
  assert.equal(counts.failed, 1);
  assert.deepEqual(failures, [
    { file: "src/c.zig:2:38", name: "type 'u8' cannot represent integer value '256'", message: "" },
  ]);
  const [unknown] = resultOfZig({ exitStatus: 1, output: "error: no build.zig\n" }).failures;
  assert.match(unknown!.name, /ended with status 1/);
  assert.equal(unknown!.message, "error: no build.zig");
});

test("the last lines are without colours and empty ends", () => {
  assert.equal(lastLines("a\nb\n\x1b[1mc\x1b[0m\n\n", 2), "b\nc");
  assert.equal(lastLines("a"), "a");
});

test("a line of the summary gives the reason where nothing was run", () => {
  const counts = { passed: 1, failed: 0, skipped: 2 };
  assert.equal(formatResult("Deno", { counts, failures: [] }, 1.26), "Deno     1 passed, 0 failed, 2 skipped (1.3 s)");
  assert.equal(
    formatResult("Kernel", { counts, failures: [], skipReason: "no root" }, 0),
    "Kernel   1 passed, 0 failed, 2 skipped (0.0 s): no root",
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

test("however many tests failed and whatever they say, the end of a log has room for it", () => {
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
