import assert from "node:assert/strict";
import { test } from "node:test";
import { countJUnit, countsOfRun, countZig, formatCounts, sumCounts } from "../../scripts/testing/counts.ts";

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
  assert.deepEqual(countJUnit(xml), { passed: 1, failed: 1, skipped: 1 });
});

test("Bun's report closes passed tests at once", () => {
  const xml = `<testsuites name="bun test" tests="3" assertions="0" failures="1" skipped="1" time="0.08">
  <testsuite name="tests/a_test.ts" file="tests/a_test.ts" tests="3" hostname="vm">
    <testcase name="one -&gt; 1" classname="" time="0.002421" file="tests/a_test.ts" line="3" assertions="0" />
    <testcase name="two" classname="" time="0.002421" file="tests/a_test.ts" line="4" assertions="0" />
    <testcase name="skip" classname="" time="0" file="tests/a_test.ts" line="4" assertions="0">
      <skipped />
    </testcase>
    <testcase name="fails" classname="" time="0.004414" file="tests/a_test.ts" line="5" assertions="0">
      <failure type="AssertionError" message="why">AssertionError: why&#10;</failure>
    </testcase>
  </testsuite>
</testsuites>`;
  assert.deepEqual(countJUnit(xml), { passed: 2, failed: 1, skipped: 1 });
});

test("Node's report leaves > in attributes as it is", () => {
  const xml = `<testsuites>
	<testcase name="one &lt;&amp;> passes" time="0.001144" classname="test" file="a_test.ts"/>
	<testcase name="a skipped -> one" time="0.000205" classname="test" file="a_test.ts">
		<skipped type="skipped" message="no camera here"/>
	</testcase>
	<testcase name="fails" time="0.001263" classname="test" file="a_test.ts" failure="why &lt;so>">
		<failure type="testCodeFailure" message="why &amp; &lt;so>">
		</failure>
	</testcase>
	<!-- tests 3 <testcase/> -->
</testsuites>`;
  assert.deepEqual(countJUnit(xml), { passed: 1, failed: 1, skipped: 1 });
});

test("XML that a test printed is not counted", () => {
  const xml = `<testcase name="one"><system-out><![CDATA[<testcase name="no"/> <failure/>]]></system-out></testcase>`;
  assert.deepEqual(countJUnit(xml), { passed: 1, failed: 0, skipped: 0 });
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

test("a run that breaks or runs nothing counts as a failure", () => {
  const passed = { passed: 3, failed: 0, skipped: 1 };
  assert.deepEqual(countsOfRun(0, passed), passed);
  assert.deepEqual(countsOfRun(1, passed), { ...passed, failed: 1 });
  assert.deepEqual(countsOfRun(1, { ...passed, failed: 2 }), { ...passed, failed: 2 });
  assert.deepEqual(countsOfRun(0, undefined), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countsOfRun(0, { passed: 0, failed: 0, skipped: 0 }), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countsOfRun(139, undefined), { passed: 0, failed: 1, skipped: 0 });
});

test("the last line", () => {
  const sum = sumCounts([{ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 }]);
  assert.equal(formatCounts(sum), "11 passed, 22 failed, 33 skipped");
  assert.equal(formatCounts(sumCounts([])), "0 passed, 0 failed, 0 skipped");
});
