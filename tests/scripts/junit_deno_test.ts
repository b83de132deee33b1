import assert from "node:assert/strict";
import { test } from "node:test";
import { readJUnit, readReport, resultOfJUnit, type TestCase } from "../../scripts/testing/junit.ts";

function rows(xml: string): [string, string, TestCase["result"], string][] {
  return readJUnit(xml).map(({ file, name, result, message }) => [file, name, result, message]);
}

test("Deno's report", () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="3" failures="1" errors="0" time="0.404">
    <testsuite name="./tests/a_test.ts" tests="4" disabled="1" errors="0" failures="1">
        <testcase name="one &lt;&amp;&gt; passes" classname="./tests/a_test.ts" time="0.002" line="3" col="1">
        </testcase>
        <testcase name="two skip" classname="./tests/a_test.ts" time="0.000" line="4" col="1">
            <skipped/>
        </testcase>
        <testcase name="three fails" classname="./tests/a_test.ts" time="0.002" line="5" col="1">
            <failure message="Uncaught AssertionError">1 !== 2
    at file:///tests/a_test.ts:5:51</failure>
        </testcase>
    </testsuite>
</testsuites>`;
  assert.deepEqual(rows(xml), [
    ["./tests/a_test.ts:3", "one <&> passes", "passed", ""],
    ["./tests/a_test.ts:4", "two skip", "skipped", ""],
    ["./tests/a_test.ts:5", "three fails", "failed", "1 !== 2\n    at file:///tests/a_test.ts:5:51"],
  ]);
});

test("Bun's report closes passed tests at once", () => {
  const xml = `<testsuites name="bun test" tests="3" assertions="0" failures="1" skipped="1" time="0.08">
  <testsuite name="tests/a_test.ts" file="tests/a_test.ts" tests="3" hostname="vm">
    <testcase name="one -&gt; 1" classname="" time="0.002421" file="tests/a_test.ts" line="3" assertions="0" />
    <testcase name="skip" classname="" time="0" file="tests/a_test.ts" line="4" assertions="0">
      <skipped />
    </testcase>
    <testcase name="fails" classname="" time="0.004414" file="tests/a_test.ts" line="5" assertions="0">
      <failure type="AssertionError" message="why">AssertionError: why&#10;  at &#x61;_test.ts&#10;</failure>
    </testcase>
  </testsuite>
</testsuites>`;
  assert.deepEqual(rows(xml), [
    ["tests/a_test.ts:3", "one -> 1", "passed", ""],
    ["tests/a_test.ts:4", "skip", "skipped", ""],
    ["tests/a_test.ts:5", "fails", "failed", "AssertionError: why\n  at a_test.ts"],
  ]);
});

test("Node's report leaves > in attributes as it is, escapes quotes twice", () => {
  const xml = `<testsuites>
	<testcase name="&amp;quot;one&amp;quot; &lt;&amp;> passes" time="0.001144" classname="test" file="/a_test.ts"/>
	<testcase name="a skipped -> one" time="0.000205" classname="test" file="/a_test.ts">
		<skipped type="skipped" message="no camera here"/>
	</testcase>
	<testcase name="fails" time="0.001263" classname="test" file="/a_test.ts" failure="why &lt;so>">
		<failure type="testCodeFailure" message="why &amp; &lt;so>">
[Error [ERR_TEST_FAILURE]: why] {
  cause: Error: why
      at TestContext.&lt;anonymous> (file:///a_test.ts:6:77)
}
		</failure>
	</testcase>
	<testcase name="a hook" classname="test" file="/a_test.ts" failure="hook broke">
		<failure type="hookFailed" message="hook broke"/>
	</testcase>
	<!-- tests 3 <testcase/> -->
</testsuites>`;
  assert.deepEqual(rows(xml), [
    ["/a_test.ts", '"one" <&> passes', "passed", ""],
    ["/a_test.ts", "a skipped -> one", "skipped", ""],
    [
      "/a_test.ts",
      "fails",
      "failed",
      "[Error [ERR_TEST_FAILURE]: why] {\n  cause: Error: why\n      at TestContext.<anonymous> (file:///a_test.ts:6:77)\n}",
    ],
    ["/a_test.ts", "a hook", "failed", "hook broke"],
  ]);
});

test("XML that a test printed is no test", () => {
  const xml = `<testcase name="one"><system-out><![CDATA[<testcase name="no"/> <failure/>]]></system-out></testcase>`;
  assert.deepEqual(rows(xml), [["", "one", "passed", ""]]);
});

test("a report that was never written is none", () => {
  assert.equal(readReport("/nowhere/report.xml"), undefined);
});

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
