/** Programs that end with an open camera. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../support/child.ts";

const child = new URL("exit_child.ts", import.meta.url);

const ends: readonly (readonly [way: string, status: number, told: RegExp])[] = [
  ["end", 0, /^closed, 0 claimed, stopped\n$/],
  ["exit", 3, /^closed, 0 claimed, stopped\n$/],
  ["throw", 1, /this is not caught/],
  ["reject", 1, /this is not caught/],
  ["throw at the top", 1, /this is not caught/],
];
for (const [way, status, told] of ends) {
  test(`a program that ends by "${way}" stops its camera, and ends as it would without one`, async () => {
    const result = await runChild(child, { parameters: [way] });
    assert.equal(result.status, status, result.output);
    assert.match(result.output, /^closed, 0 claimed, stopped$/m);
    assert.match(result.output, told);
  });
}

test("a program that handles its uncaught errors goes on with its camera, and stops it at its end", async () => {
  const { status, output } = await runChild(child, { parameters: ["handle"] });
  assert.equal(status, 0, output);
  assert.match(output, /^(open, 1 claimed, streaming\n)+closed, 0 claimed, stopped\n$/);
});
