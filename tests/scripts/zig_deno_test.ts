import assert from "node:assert/strict";
import { test } from "node:test";
import { resultOfZig } from "../../scripts/testing/zig.ts";

test("Zig's summaries", () => {
  const counts = (summary: string, exitStatus = 0) => resultOfZig({ exitStatus, output: `x\n${summary}\ny\n` }).counts;
  assert.deepEqual(counts("Build Summary: 5/5 steps succeeded; 3/4 tests passed (1 skipped)"), {
    passed: 3,
    failed: 0,
    skipped: 1,
  });
  assert.deepEqual(counts("Build Summary: 5/5 steps succeeded; 12/12 tests passed"), {
    passed: 12,
    failed: 0,
    skipped: 0,
  });
  assert.deepEqual(
    counts("Build Summary: 3/5 steps succeeded (1 failed); 2/5 tests passed (1 skipped, 1 failed, 1 crashed)", 1),
    { passed: 2, failed: 2, skipped: 1 },
  );
  assert.equal(counts("Build Summary: 5/5 steps succeeded").failed, 1);
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
