/** Programs that end with open cameras. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../support/child.ts";

const child = new URL("exit_child.ts", import.meta.url);

const ends: readonly (readonly [way: string, status: number, told: RegExp])[] = [
  ["end", 0, /^2 closed, 0 claimed, 0 streaming\n$/],
  ["exit", 3, /^2 closed, 0 claimed, 0 streaming\n$/],
  ["throw", 1, /this is not caught/],
  ["reject", 1, /this is not caught/],
  ["throw at the top", 1, /this is not caught/],
];
for (const [way, status, told] of ends) {
  test(`a program that ends by "${way}" stops its cameras, and ends as it would without them`, async () => {
    const result = await runChild(child, { parameters: [way] });
    assert.equal(result.status, status, result.output);
    assert.match(result.output, /^2 closed, 0 claimed, 0 streaming$/m);
    assert.match(result.output, told);
  });
}

test("a program that handles its uncaught errors goes on with its cameras, and stops them at its end", async () => {
  const { status, output } = await runChild(child, { parameters: ["handle"] });
  assert.equal(status, 0, output);
  assert.match(output, /^(0 closed, 2 claimed, 2 streaming\n)+2 closed, 0 claimed, 0 streaming\n$/);
});
