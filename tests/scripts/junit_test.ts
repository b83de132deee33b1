import assert from "node:assert/strict";
import { test } from "node:test";
import { readJUnit, readReport, type TestCase } from "../../scripts/testing/junit.ts";

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

test("Node's report leaves > in attributes as it is, escapes quotes twice, and wraps what was thrown", () => {
  const xml = `<testsuites>
	<testcase name="&amp;quot;one&amp;quot; &lt;&amp;> passes" time="0.001144" classname="test" file="/a_test.ts"/>
	<testcase name="a skipped -> one" time="0.000205" classname="test" file="/a_test.ts">
		<skipped type="skipped" message="no camera here"/>
	</testcase>
	<testcase name="fails" time="0.001263" classname="test" file="/a_test.ts" failure="why &lt;so>">
		<failure type="testCodeFailure" message="why &amp; &lt;so>">
[Error [ERR_TEST_FAILURE]: why] {
  code: 'ERR_TEST_FAILURE',
  failureType: 'testCodeFailure',
  cause: Error: why
      at TestContext.&lt;anonymous> (file:///a_test.ts:6:77) {
    [cause]: Error: inner
  }
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
      "Error: why\n    at TestContext.<anonymous> (file:///a_test.ts:6:77) {\n  [cause]: Error: inner\n}",
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
