import assert from "node:assert/strict";
import { test } from "node:test";
import { type Laned, type Placement, runInLanes } from "../../scripts/testing/placement.ts";

/** A member of a lane, which ends when it is told to. */
interface Member extends Laned {
  readonly name: string;
}

/** Runs members, notes which have begun, and ends them by name. */
function lanes(members: readonly Member[]) {
  const begun: string[] = [];
  const placements = new Map<string, Placement>();
  const ends = new Map<string, { resolve(result: string): void; reject(error: Error): void }>();
  const results = runInLanes(members, ({ name }, placement) => {
    begun.push(name);
    placements.set(name, placement);
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }));
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { begun, placements, ends, results, settled };
}

test("the suites of a lane follow each other, those of several lanes run at once", async () => {
  const { begun, ends, results, settled } = lanes([
    { name: "a" },
    { name: "b", lane: "second" },
    { name: "c" },
    { name: "d", lane: "background" },
  ]);
  await settled();
  assert.deepEqual(begun, ["a", "b", "d"]);
  ends.get("a")!.resolve("A");
  await settled();
  assert.deepEqual(begun, ["a", "b", "d", "c"]);
  for (const name of ["d", "c", "b"]) ends.get(name)!.resolve(name.toUpperCase());
  assert.deepEqual(await results, ["A", "B", "C", "D"]);
});

test("one lane is shown, and only another one is in the background", async () => {
  const all = lanes([{ name: "a" }, { name: "b", lane: "second" }, { name: "c", lane: "background" }]);
  await all.settled();
  assert.deepEqual(Object.fromEntries(all.placements), {
    a: { show: true, isBackground: false },
    b: { show: false, isBackground: false },
    c: { show: false, isBackground: true },
  });
  const one = lanes([{ name: "c", lane: "background" }]);
  await one.settled();
  assert.deepEqual(one.placements.get("c"), { show: true, isBackground: false });
});

test("an error of one suite is told when all have ended", async () => {
  const { begun, ends, results, settled } = lanes([{ name: "a" }, { name: "b" }, { name: "c", lane: "second" }]);
  let told: unknown;
  results.catch((error) => told = error);
  await settled();
  ends.get("a")!.reject(new Error("broken"));
  await settled();
  assert.deepEqual(begun, ["a", "c", "b"]);
  assert.equal(told, undefined);
  ends.get("b")!.resolve("B");
  ends.get("c")!.resolve("C");
  await assert.rejects(results, /broken/);
});
