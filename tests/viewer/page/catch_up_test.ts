import assert from "node:assert/strict";
import { test } from "node:test";
import { CatchUp } from "../../../src/viewer/page/sources/catch_up.ts";

test("data that is a second late is left out, until some comes that is new again", () => {
  const catchUp = new CatchUp();
  const admitted = [0, 900, 1100, 900, 260, 240, 900].map((ageMs) => catchUp.admits(ageMs, 10_000));
  assert.deepEqual(admitted, [true, true, false, false, false, true, true]);
});

test("a page that never comes to read what is new shows something ten times a second", () => {
  const catchUp = new CatchUp();
  const shown: number[] = [];
  for (let nowMs = 0; nowMs < 400; nowMs += 10) if (catchUp.admits(5000, nowMs)) shown.push(nowMs);
  assert.deepEqual(shown, [0, 100, 200, 300]);
});
