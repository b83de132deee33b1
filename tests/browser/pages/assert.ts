/** As much of `node:assert/strict` as helpers of tests need that run in a page. */

export default {
  ok(value: unknown, message?: string): void {
    if (!value) fail(message ?? `${value} is not true`);
  },
  equal(actual: unknown, expected: unknown, message = "values differ"): void {
    if (!Object.is(actual, expected)) fail(`${message}: ${actual} is not ${expected}`);
  },
  fail,
};

function fail(message: string): never {
  throw new Error(message);
}
