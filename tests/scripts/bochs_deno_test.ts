import assert from "node:assert/strict";
import { test } from "node:test";
import { resultOfBochs } from "../../scripts/testing/bochs.ts";

const good = "Next at t=0\nkernel avx512 equals the scalar one\nkernel avx2 equals the scalar one\n";

test("kernels that were compared to the end have passed", () => {
  const { counts, failures } = resultOfBochs({ output: `${good}all kernels compared\n[UNMAP ] Shutdown port\n` });
  assert.deepEqual([counts, failures], [{ passed: 2, failed: 0, skipped: 0 }, []]);
});

test("a run that does not come to its end has failed, with its last words", () => {
  for (const output of [good, "all kernels compared\n", "", `${good}failed: kernel x, seed 3: EventsDiffer\n`]) {
    const { counts, failures } = resultOfBochs({ output });
    assert.equal(counts.failed, 1);
    assert.equal(failures[0]?.message, output.trimEnd());
  }
});
